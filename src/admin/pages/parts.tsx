/** @jsxImportSource preact */
import { PartsPage } from '../../../views/pages/parts.tsx'
import { page } from '../../http/html-response.ts'
import { pageAccount } from '../preferences.ts'
import type { AccountRequest, PageDeps } from '../request.ts'
import { messageResponse, NOT_FOUND } from './message.tsx'

/** Every chart with all kinds of data, for those who work on them. */
export async function getPartsPage({ isDevelopment }: PageDeps, { request, user }: AccountRequest): Promise<Response> {
  if (!isDevelopment) return messageResponse(request, NOT_FOUND, 404, user)
  // Here and not above, since a server of users never needs the time that it takes to make them.
  const { EXAMPLES } = await import('../part-examples/all.ts')
  return page(<PartsPage account={pageAccount(user)} view={EXAMPLES} />)
}
