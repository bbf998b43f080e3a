/** @jsxImportSource preact */
import { type Message, MessageCard, MessagePage } from '../../../views/pages/message.tsx'
import { fragment, page, wantsFragment } from '../../http/html-response.ts'
import type { LoggedInAccount } from '../auth/login-sessions.ts'
import { pageAccount } from '../preferences.ts'

/** A message in place of the requested page or fragment. */
export function messageResponse(request: Request, message: Message, status: number, user?: LoggedInAccount): Response {
  if (wantsFragment(request)) return fragment(<MessageCard message={message} />, { status })
  return page(<MessagePage message={message} {...(user && { account: pageAccount(user) })} />, { status })
}

export const HOME = { href: '/admin', label: 'Go to the overview' }

export const CROSS_SITE: Message = {
  title: 'Not sent from here',
  text: 'Your browser says that this form was sent by another site, so nothing was done. Open the page anew and try again. Behind a proxy, make sure that it hands on the Host header.',
  link: HOME,
}

export const NOT_FOUND: Message = { title: 'No such page', text: 'There is nothing at this address.', link: HOME }

export const STORE_UNAVAILABLE: Message = {
  title: 'The store does not answer',
  text: 'What is to be shown here is in the store, which is out of reach at the moment. People in your flows are answered all the same, and nothing is lost meanwhile. Try again; the log and `screentrail doctor` say why.',
}

export const SERVER_ERROR: Message = {
  title: 'Something broke',
  text: 'The page could not be made. The log says why; people in your flows are answered all the same.',
  link: HOME,
}
