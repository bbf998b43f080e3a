// What a narrow window does to the pages of the admin: words and headers stay whole, and nothing is out of reach.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Page } from 'playwright-core'
import { findChromium } from './browser.ts'
import { pageEvents } from './numbers-page.ts'
import { FLOW, openPages, overflowOf, type Pages } from './pages-kit.ts'
import { walkersEvents } from './walkers.ts'

const chromium = findChromium()
if (chromium === undefined)
  console.log('pages-phone.slow.test.ts skipped: no Chromium in $CHROMIUM or at /usr/bin/chromium')

describe.skipIf(chromium === undefined)('in a narrow window', () => {
  let pages: Pages
  let page: Page
  beforeAll(async () => {
    pages = await openPages(chromium as string, { events: [...pageEvents(3), ...walkersEvents(300)] })
    page = await pages.open()
  }, 120_000)
  afterAll(() => pages.close())

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
