// The admin in a real browser: the Content-Security-Policy holds, htmx works, nothing overflows.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { setupLink } from '../src/admin/auth/one-time-links.ts'
import { type Admin, bookedTrail, lostTrail, openAdmin, PASSWORD } from './admin-kit.ts'
import { START } from './arbitrary-events.ts'
import { findChromium, launchChromium } from './browser.ts'

const chromium = findChromium()
if (chromium === undefined) console.log('admin-browser.slow.test.ts skipped: no Chromium, see CONTRIBUTING.md')

const HOUR = 3_600_000

describe.skipIf(chromium === undefined)('the admin in a browser', () => {
  let admin: Admin
  let browser: Browser
  let base: string
  const complaints: string[] = []

  beforeAll(async () => {
    admin = await openAdmin()
    for (let index = 0; index < 60; index++) {
      const at = START + 47 * HOUR - index * HOUR
      await admin.seed(index % 3 === 0 ? lostTrail(`tok-lost-${index}`, at) : bookedTrail(`tok-booked-${index}`, at))
    }
    const incident = { at: START, flow: 'repair-booking', detail: 'no key of ours opens it', count: 1 } as const
    await admin.store.addIncidents([{ id: 'one', category: 'decrypt_failed', ...incident }], 100)
    admin.routes.listen(0)
    base = `http://localhost:${admin.routes.server?.port}`
    browser = await launchChromium(chromium as string)
  })

  afterAll(async () => {
    await browser.close()
    await admin.routes.stop(true)
    await admin.close()
  })

  async function open(context: BrowserContext): Promise<Page> {
    const page = await context.newPage()
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(String(error)))
    return page
  }

  const rowsOn = (page: Page) => page.locator('.session-table tbody tr')
  const overflow = (page: Page) => page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')

  /** The list below the form has changed, and so has the address bar. */
  async function filtered(page: Page, search: string): Promise<void> {
    await page.waitForURL(`**/admin/sessions${search}`)
    await page.locator(`#results a[href$="sessions${search}"]`).waitFor()
  }

  async function login(page: Page): Promise<void> {
    await page.goto(`${base}/admin/sessions`)
    await page.getByLabel('Name').fill('ada')
    await page.getByLabel('Password').fill(PASSWORD)
    await page.getByRole('button', { name: 'Log in' }).click()
    await page.waitForURL('**/admin/sessions')
  }

  test('from the setup link through the filters to one session and out again', async () => {
    const page = await open(await browser.newContext())
    await page.goto((await setupLink(admin.deps, base)) as string)
    await page.getByLabel('Name').fill('Ada')
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await page.getByLabel('Password again').fill(PASSWORD)
    await page.getByRole('button', { name: 'Make the account' }).click()
    await page.waitForURL('**/admin')
    await page.getByRole('link', { name: 'Sessions', exact: true }).click()
    await page.waitForURL('**/admin/sessions')
    expect(await rowsOn(page).count()).toBe(50)

    await page.evaluate('document.body.dataset.sameDocument = "yes"')
    await page.getByLabel('Ending').selectOption('open')
    await filtered(page, '?ending=open')
    expect(await rowsOn(page).count()).toBe(8)
    await page.getByLabel('Flow token').pressSequentially('tok-lost-3')
    await filtered(page, '?ending=open&token=tok-lost-3')
    expect(await rowsOn(page).count()).toBe(1)
    expect(await page.evaluate<string>('document.body.dataset.sameDocument')).toBe('yes')

    await page.reload()
    expect(await page.getByLabel('Flow token').inputValue()).toBe('tok-lost-3')
    await rowsOn(page).first().click()
    await page.waitForURL('**/admin/sessions/*')
    expect(await page.locator('.event').count()).toBe(3)
    expect(await page.locator('.pill-repeat').count()).toBe(1)

    for (const area of ['Incidents', 'Health']) {
      await page.getByRole('link', { name: area, exact: true }).click()
      await page.getByRole('heading', { level: 1, name: area }).waitFor()
    }
    await page.getByRole('button', { name: 'Log out' }).click()
    await page.waitForURL('**/admin/login')
    await page.goto(`${base}/admin/health`)
    expect(new URL(page.url()).pathname).toBe('/admin/login')
    await page.context().close()
  }, 120_000)

  test('going back takes a filter off again, list and form alike', async () => {
    const page = await open(await browser.newContext())
    await login(page)
    await page.getByLabel('Ending').selectOption('open')
    await filtered(page, '?ending=open')
    await page.goBack()
    await page.waitForURL('**/admin/sessions')
    await rowsOn(page).nth(49).waitFor()
    await page.locator('#ending option[value=""]:checked').waitFor({ state: 'attached' })
    await page.context().close()
  }, 120_000)

  test('the password is changed from the page that the name leads to, and its form says what was wrong', async () => {
    const page = await open(await browser.newContext())
    await login(page)
    await page.getByRole('link', { name: 'ada', exact: true }).click()
    const change = async (current: string, next: string) => {
      await page.getByLabel('Present password').fill(current)
      await page.getByLabel('New password', { exact: true }).fill(next)
      await page.getByLabel('New password again').fill(next)
      await page.getByRole('button', { name: 'Change the password' }).click()
    }
    await change('not this one', `${PASSWORD}!`)
    await page.getByRole('alert').getByText('The present password is wrong.').waitFor()
    complaints.splice(0, complaints.length, ...complaints.filter((text) => !/422/.test(text)))
    await change(PASSWORD, `${PASSWORD}!`)
    await page.getByRole('status').getByText('The password is changed.').waitFor()
    await change(`${PASSWORD}!`, PASSWORD)
    await page.waitForURL('**/admin/account?done=password')
    await page.getByRole('button', { name: 'Log out everywhere' }).click()
    await page.waitForURL('**/admin/login')
    await page.context().close()
  }, 120_000)

  test('a login that ended while the page was open leads to the login, not into the list', async () => {
    const page = await open(await browser.newContext())
    await login(page)
    await page.context().clearCookies()
    await page.getByLabel('Ending').selectOption('open')
    await page.waitForURL('**/admin/login?next=%2Fadmin%2Fsessions')
    expect(await page.locator('h1').count()).toBe(1)
    await page.context().close()
  }, 120_000)

  test('the export is a download', async () => {
    const page = await open(await browser.newContext())
    await login(page)
    const started = page.waitForEvent('download')
    await page.getByRole('link', { name: 'Sessions as CSV' }).click()
    const download = await started
    expect(download.suggestedFilename()).toBe('sessions-2026-03-04.csv')
    expect((await Bun.file(await download.path()).text()).trimEnd().split('\r\n')).toHaveLength(61)
    await page.context().close()
  }, 120_000)

  // The other pages: pages-look.slow.test.ts.
  test('a session with all kinds of input, and an incident, fit in light and dark, on a phone and on a desk', async () => {
    const page = await open(await browser.newContext())
    const expectToFit = async (path: string) => {
      for (const [colorScheme, width] of [
        ['light', 390],
        ['dark', 390],
        ['dark', 1280],
      ] as const) {
        await page.emulateMedia({ colorScheme })
        await page.setViewportSize({ width, height: 844 })
        expect([path, colorScheme, width, await overflow(page)]).toEqual([path, colorScheme, width, 0])
      }
    }
    await login(page)
    const session = (await page.locator('.row-link').nth(1).getAttribute('href')) as string
    for (const path of [session, '/admin/incidents']) {
      await page.goto(base + path)
      await expectToFit(path)
    }
    await page.context().close()
  }, 120_000)

  test('the browser had nothing to complain about', () => {
    expect(complaints).toEqual([])
  })
})
