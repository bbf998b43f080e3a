// Shoots the pages of the admin for docs/admin.md, of the thirty days of the demo: bun test/screenshots.ts

import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { playHistory } from '../src/cli/demo/history.ts'
import { FLOW } from '../src/cli/demo/story.ts'
import { initFolder } from '../src/cli/init.ts'
import { createLog } from '../src/lib/log.ts'
import { startApi } from './api-kit.ts'
import { findChromium, launchChromium } from './browser.ts'
import { makeAccount } from './pages-kit.ts'

const OUT = join(import.meta.dir, '../docs/admin')
/** The days of the demo end here, whenever the pages are shot: so the same numbers come out. */
const TODAY = Date.parse('2026-11-20T14:00:00Z')
/** Pixels. The rest of a page looks alike. */
const HIGHEST = 1_500
/** Bytes of a file. */
const LARGEST = 200_000

const DESK = { viewport: { width: 1280, height: 800 } }
const PHONE = { viewport: { width: 390, height: 800 } }
const flow = `/admin/flows/${FLOW}`

type Shot = readonly [name: string, path: string, options?: BrowserContextOptions]

const SHOTS: readonly Shot[] = [
  ['overview', '/admin'],
  ['flow', flow],
  ['flow-phone', flow, PHONE],
  ['flow-dark', flow, { colorScheme: 'dark' }],
  ['screen', `${flow}/screens/DATE_TIME`],
  ['paths', `${flow}/paths`],
  ['errors', `${flow}/errors`],
  ['flow-health', `${flow}/health`],
  ['quality', `${flow}/quality`],
  ['sessions', `/admin/sessions?flow=${FLOW}&ending=lost&exit=DATE_TIME`],
  ['live', '/admin/live'],
  ['incidents', '/admin/incidents'],
  ['health', '/admin/health'],
  ['data', '/admin/data'],
  ['account', '/admin/account'],
]

async function shoot(page: Page, name: string): Promise<void> {
  await page.waitForLoadState('networkidle')
  const whole = await page.evaluate<number>('document.documentElement.scrollHeight')
  const { width } = page.viewportSize() as { width: number }
  const path = join(OUT, `${name}.png`)
  let size: number
  let height = Math.min(HIGHEST, whole)
  do {
    const shot = await page.screenshot({ path, fullPage: true, clip: { x: 0, y: 0, width, height } })
    size = shot.byteLength
    height = Math.floor(height * 0.8)
  } while (size >= LARGEST)
  console.log(name, size)
}

const chromium = findChromium()
if (chromium === undefined) throw new Error('There is no Chromium, see CONTRIBUTING.md')
const browser = await launchChromium(chromium)
await mkdir(OUT, { recursive: true })

/** Logs in once, and gives a page in any look. */
async function visitor(base: string, link: string) {
  const first = await browser.newContext(DESK)
  await makeAccount(await first.newPage(), link)
  const storageState = await first.storageState()
  return async (options: BrowserContextOptions = {}) =>
    (await browser.newContext({ ...DESK, baseURL: base, storageState, ...options })).newPage()
}

const folder = await mkdtemp(join(tmpdir(), 'screentrail-shots-'))
await initFolder(folder)
const stop = new AbortController()
const startedAt = Date.now()
const history = await playHistory(
  { folder, port: 0, timezone: 'Europe/Berlin', people: 1_000, seed: 'demo' },
  { log: createLog('silent'), signal: stop.signal, real: () => TODAY + Date.now() - startedAt },
)
const { app, port } = history.business
await app.settled()
await app.rolledUp()
const base = `http://localhost:${port}`
const open = await visitor(base, (await app.setupLink(base)) as string)
for (const [name, path, options] of SHOTS) {
  const page = await open(options)
  await page.goto(path)
  await shoot(page, name)
  await page.context().close()
}
const page = await open()
await page.goto('/admin/sessions?ending=lost&exit=DATE_TIME')
await page.goto((await page.locator('.row-link').first().getAttribute('href')) as string)
await shoot(page, 'session')
stop.abort()
await history.close()
await rm(folder, { recursive: true, force: true })

const api = await startApi({ events: [] })
const emptyBase = `http://localhost:${await api.app.listen(0)}`
const openEmpty = await visitor(emptyBase, (await api.app.setupLink(emptyBase)) as string)
const setUp = await openEmpty()
await setUp.goto('/admin')
await shoot(setUp, 'set-up')
await browser.close()
await api.stop()
process.exit()
