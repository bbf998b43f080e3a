// Every page of the admin in a real browser, in light and dark, on a phone and on a desk: no rule of accessibility is broken, nothing
// is wider than the window, and the browser has nothing to say.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { Readable } from 'node:stream'
import type { Page } from 'playwright-core'
import { runBackup } from '../src/backup/backup.ts'
import { keepDrill, runDrill } from '../src/backup/drill.ts'
import { beginExport } from '../src/store/export-records.ts'
import { LOOKS, lookAs, overflowOf, violationsOf } from './axe.ts'
import { findChromium } from './browser.ts'
import { pageEvents } from './numbers-page.ts'
import { FLOW, openPages, type Pages } from './pages-kit.ts'
import { titledFlowJson } from './titled-flow-json.ts'
import { walkersEvents } from './walkers.ts'

const chromium = findChromium()
if (chromium === undefined) console.log('pages-look.slow.test.ts skipped: no Chromium, see CONTRIBUTING.md')

const DAYS = 'from=2026-03-02&until=2026-03-04'

const PAGES: readonly [path: string, name: string, status?: 400 | 404][] = [
  ['/admin', 'overview'],
  [`${FLOW}?${DAYS}`, 'flow'],
  [
    `${FLOW}?from=2026-03-03&until=2026-03-03&compare=previous&by=version&choice=service:emergency`,
    'flow of one choice, compared',
  ],
  [`${FLOW}?period=today`, 'flow, nobody'],
  [`${FLOW}/screens/DATE?${DAYS}`, 'screen'],
  [`${FLOW}/paths?${DAYS}`, 'paths'],
  [`${FLOW}/errors?${DAYS}`, 'errors'],
  [`${FLOW}/health?${DAYS}`, 'health of a flow'],
  [`${FLOW}/quality?${DAYS}`, 'quality'],
  ['/admin/live', 'live'],
  ['/admin/sessions', 'sessions'],
  [`/admin/sessions?${DAYS}&flow=repair-booking&furthest=2&ending=lost&version=1f3a5c7e`, 'sessions with chips'],
  ['/admin/sessions?exit=NOWHERE', 'sessions, none'],
  ['/admin/incidents', 'incidents'],
  ['/admin/data', 'data'],
  ['/admin/health', 'health'],
  ['/admin/account', 'account'],
  ['/admin/nothing-here', 'not found', 404],
  [`${FLOW}?period=never`, 'not understood', 400],
]

const openAll = (isOpen: boolean) =>
  `for (const each of document.querySelectorAll('main details')) each.open = ${isOpen}`

/** In every look; with what unfolds closed, and open. */
async function expectToLookRight(page: Page): Promise<void> {
  const wrong: string[] = []
  for (const look of LOOKS) {
    const name = `${look.colorScheme} ${look.width}`
    await lookAs(page, look)
    for (const isOpen of [false, true]) {
      await page.evaluate(openAll(isOpen))
      const overflow = await overflowOf(page)
      if (overflow > 0) wrong.push(`${name}: wider than the window by ${overflow}, open: ${isOpen}`)
    }
    for (const violation of await violationsOf(page, look)) wrong.push(`${name}: ${violation}`)
    await page.evaluate(openAll(false))
  }
  expect(wrong).toEqual([])
}

/** A page that does not exist, or that refuses what it is asked, makes Chromium say so. */
const isStatus = (message: string) => /status of 40[04]/.test(message)

/** A backup, a drill, and an export of each outcome. */
async function fillDataPage({ api: { app, folder, time } }: Pages): Promise<void> {
  const loaded = await folder.load()
  const { config } = loaded
  const deps = { folder: config.backup.folder, version: 'of the test', clock: () => time.now }
  await runBackup({ ...deps, config })
  await keepDrill(app.store, await runDrill({ ...deps, loaded }))
  const about = {
    who: 'ada',
    what: 'sessions',
    format: 'csv',
    filters: 'flow repair-booking, lost, last on DATE',
  } as const
  for (const chunks of [['a,b\r\n'], []]) {
    const { through, end } = await beginExport(app.store, deps.clock, about)
    const stream = through(Readable.from(chunks))
    if (chunks.length > 0) for await (const _ of stream);
    await end()
  }
}

describe.skipIf(chromium === undefined)('every page', () => {
  let pages: Pages
  let page: Page

  beforeAll(async () => {
    const events = [...pageEvents(3), ...walkersEvents(300)]
    pages = await openPages(chromium as string, { events, flowJson: titledFlowJson })
    await fillDataPage(pages)
    page = await pages.open()
  }, 120_000)
  afterAll(() => pages.close())

  test.each(PAGES.map(([path, name, status = 200]) => [path, name, status] as const))(
    '%s: %s',
    async (path, _, status) => {
      const reply = await page.goto(path)
      expect(reply?.status()).toBe(status)
      await page.waitForLoadState('networkidle')
      await expectToLookRight(page)
      expect(pages.messages().filter((message) => status === 200 || !isStatus(message))).toEqual([])
    },
    120_000,
  )

  test('one session', async () => {
    await page.goto('/admin/sessions?ending=completed')
    await page.locator('.row-link').first().click()
    await page.waitForURL('**/admin/sessions/*')
    await expectToLookRight(page)
    expect(pages.messages()).toEqual([])
  }, 120_000)

  test('the login', async () => {
    const stranger = await pages.open({ isLoggedIn: false })
    await stranger.goto('/admin/login')
    await expectToLookRight(stranger)
    expect(pages.messages()).toEqual([])
  }, 120_000)
})

describe.skipIf(chromium === undefined)('before the first person', () => {
  let pages: Pages
  let page: Page
  beforeAll(async () => {
    pages = await openPages(chromium as string, { events: [] })
    page = await pages.open()
  }, 120_000)
  afterAll(() => pages.close())

  test.each(['/admin', '/admin/sessions', '/admin/live', FLOW])(
    '%s',
    async (path) => {
      await page.goto(path)
      await expectToLookRight(page)
      expect(pages.messages()).toEqual([])
    },
    60_000,
  )
})
