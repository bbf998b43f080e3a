// What a narrow window does to the pages of the admin: words and headers stay whole, and nothing is out of reach.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Page } from 'playwright-core'
import { overflowOf } from './axe.ts'
import { findChromium } from './browser.ts'
import { pageEvents } from './numbers-page.ts'
import { FLOW, openPages, type Pages } from './pages-kit.ts'
import { walkersEvents } from './walkers.ts'

const chromium = findChromium()
if (chromium === undefined) console.log('pages-phone.slow.test.ts skipped: no Chromium, see CONTRIBUTING.md')

const DAYS = 'from=2026-03-02&until=2026-03-04'

/** The words of tables that go on in another line; hashes and the like, in a column of details, have no place to break at. */
const BROKEN_WORDS = `[...document.querySelectorAll('main :is(td:not(.detail), th)')].flatMap((cell) => {
  const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT)
  const broken = []
  while (texts.nextNode())
    for (const { 0: word, index } of texts.currentNode.data.matchAll(/[\\p{L}\\p{N}_:.]+/gu)) {
      const range = document.createRange()
      range.setStart(texts.currentNode, index)
      range.setEnd(texts.currentNode, index + word.length)
      if (new Set([...range.getClientRects()].map(({ top }) => top)).size > 1) broken.push(word)
    }
  return broken
})`

/** The tables that are wider than their card. */
const CUT_TABLES = `[...document.querySelectorAll('main .table-responsive')]
  .filter((each) => each.scrollWidth > each.clientWidth)
  .map((each) => each.querySelector('caption').textContent)`

describe.skipIf(chromium === undefined)('in a narrow window', () => {
  let pages: Pages
  let page: Page
  beforeAll(async () => {
    pages = await openPages(chromium as string, { events: [...pageEvents(3), ...walkersEvents(300)] })
    const { client, send } = pages.api
    const opening = { version: '3.0', action: 'INIT', flow_token: 'somebody' }
    await client.send('repair-booking', opening)
    const data = { service: 'routine' }
    await client.send('repair-booking', { ...opening, action: 'data_exchange', screen: 'SERVICE', data })
    await send('/admin/login', { method: 'POST', body: new URLSearchParams({ name: 'somebody', password: 'else' }) })
    page = await pages.open()
    await page.request.get('/admin/export/sessions')
  }, 120_000)
  afterAll(() => pages.close())

  test.each(['/admin/live', '/admin/health', `${FLOW}/errors?${DAYS}`, '/admin/sessions'])(
    '%s breaks no word and cuts no table, on a phone',
    async (path) => {
      await page.setViewportSize({ width: 390, height: 844 })
      await page.goto(path)
      expect(await page.locator('main td').count()).toBeGreaterThan(0)
      expect(await page.evaluate<string[]>(BROKEN_WORDS)).toEqual([])
      expect(await page.evaluate<string[]>(CUT_TABLES)).toEqual([])
    },
    60_000,
  )

  test('the days can be fixed on a phone', async () => {
    await page.setViewportSize({ width: 390, height: 844 })
    await page.goto(FLOW)
    await page.getByRole('link', { name: 'fix the days' }).click()
    await page.waitForURL('**?from=2026-02-05&until=2026-03-04')
    expect(await overflowOf(page)).toBe(0)
  }, 60_000)

  test('between a phone and a desk, one can log out', async () => {
    await page.goto('/admin/live')
    for (const width of [767, 768, 800, 834, 900, 991, 992]) {
      await page.setViewportSize({ width, height: 844 })
      expect([width, await overflowOf(page)]).toEqual([width, 0])
    }
  }, 60_000)

  test.each([`${FLOW}?choice=service:`, '/admin/sessions?choice=service:'])(
    '%s of a word of 200 letters is no wider than the window',
    async (path) => {
      for (const width of [1280, 390]) {
        await page.setViewportSize({ width, height: 844 })
        await page.goto(`${path}${'x'.repeat(200)}`)
        await page.locator('.chip').waitFor()
        expect([width, await overflowOf(page)]).toEqual([width, 0])
      }
    },
    60_000,
  )
})
