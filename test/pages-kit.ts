// A whole app behind a port, a real browser before it, and an account that is logged in.

import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { type Api, type ApiOptions, startApi } from './api-kit.ts'
import { launchChromium } from './browser.ts'
import { until } from './until.ts'

export const PASSWORD = 'three blind mice'
export const FLOW = '/admin/flows/repair-booking'

type ContextOptions = BrowserContextOptions & { readonly isLoggedIn?: false }

export type Pages = {
  readonly api: Api
  readonly base: string
  /** What the browser had to say on any page since the last time somebody asked. */
  messages(): string[]
  open(options?: ContextOptions): Promise<Page>
  close(): Promise<void>
}

export async function openPages(chromium: string, options: ApiOptions): Promise<Pages> {
  const api = await startApi(options)
  const base = `http://localhost:${await api.app.listen(0)}`
  const browser: Browser = await launchChromium(chromium)
  const said: string[] = []
  const listen = (context: BrowserContext) => {
    context.on('console', (message) => said.push(`${message.text()} ${message.location().url}`))
    context.on('weberror', (error) => said.push(String(error.error())))
  }
  const first = await browser.newContext()
  listen(first)
  await makeAccount(await first.newPage(), (await api.app.setupLink(base)) as string)
  const storageState = await first.storageState()
  await first.close()
  return {
    api,
    base,
    messages: () => said.splice(0),
    async open({ isLoggedIn, ...context } = {}) {
      const opened = await browser.newContext({
        viewport: { width: 1280, height: 900 },
        baseURL: base,
        ...(isLoggedIn !== false && { storageState }),
        ...context,
      })
      listen(opened)
      return opened.newPage()
    },
    async close() {
      await browser.close()
      await api.stop()
    },
  }
}

export async function makeAccount(page: Page, link: string): Promise<void> {
  await page.goto(link)
  await page.getByLabel('Name').fill('Ada')
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByLabel('Password again').fill(PASSWORD)
  await page.getByRole('button', { name: 'Make the account' }).click()
  await page.waitForURL('**/admin')
}

/** What can be read on the page. */
export const textOf = (page: Page): Promise<string> => page.evaluate<string>(`document.querySelector('main').innerText`)

/** A new tab that shows the address of the page. */
export async function paste(page: Page): Promise<Page> {
  const pasted = await page.context().newPage()
  await pasted.goto(page.url())
  return pasted
}

export async function expectSame(page: Page, pasted: Page): Promise<void> {
  // Both ask for more after they have come, such as how many sessions there are.
  const isSame = async () => (await textOf(page)) === (await textOf(pasted))
  await until(`${page.url()} shows what it shows in a new tab`, isSame)
}
