// Every chart in a real browser, in light and dark, on a phone and on a desk: no rule of accessibility is broken, nothing overflows,
// and the Content-Security-Policy has nothing to refuse.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Browser, Page } from 'playwright-core'
import { type Admin, enter, openAdmin } from './admin-kit.ts'
import { LOOKS, lookAs, overflowOf, violationsOf } from './axe.ts'
import { findChromium, launchChromium } from './browser.ts'

const chromium = findChromium()
if (chromium === undefined) console.log('parts-page.slow.test.ts skipped: no Chromium, see CONTRIBUTING.md')

describe.skipIf(chromium === undefined)('the charts in a browser', () => {
  let admin: Admin
  let browser: Browser
  let page: Page
  const messages: string[] = []

  beforeAll(async () => {
    admin = await openAdmin({ isDevelopment: true })
    const { cookie } = await enter(admin)
    admin.routes.listen(0)
    const url = `http://localhost:${admin.routes.server?.port}/admin/parts`
    browser = await launchChromium(chromium as string)
    const context = await browser.newContext()
    await context.setExtraHTTPHeaders({ cookie })
    page = await context.newPage()
    page.on('console', (message) => messages.push(message.text()))
    page.on('pageerror', (error) => messages.push(String(error)))
    await page.goto(url)
  })

  afterAll(async () => {
    await browser.close()
    await admin.routes.stop(true)
    await admin.close()
  })

  const openTables = (isOpen: boolean) =>
    `for (const each of document.querySelectorAll('details')) each.open = ${isOpen}`

  test.each([...LOOKS])(
    '$colorScheme at $width pixels: axe finds no violation, and nothing is wider than the page',
    async (look) => {
      await lookAs(page, look)
      expect(await overflowOf(page)).toBe(0)
      await page.evaluate(openTables(true))
      expect(await overflowOf(page)).toBe(0)
      expect(await violationsOf(page, look)).toEqual([])
      await page.evaluate(openTables(false))
    },
    120_000,
  )

  test('the map gives way to a list on a phone', async () => {
    const seen = async (width: number) => {
      await page.setViewportSize({ width, height: 844 })
      return [
        await page.locator('#map-seven svg.map-drawing').isVisible(),
        await page.locator('#map-seven .map-list').isVisible(),
      ]
    }
    expect(await seen(1280)).toEqual([true, false])
    expect(await seen(390)).toEqual([false, true])
  })

  test('on paper it is light, and every table is open', async () => {
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
    expect(await page.locator('#map-two table').first().isVisible()).toBe(true)
    expect(await page.evaluate<string>(`getComputedStyle(document.documentElement).colorScheme`)).toBe('light')
    await page.emulateMedia({ media: 'screen' })
    expect(await page.locator('#map-two table').first().isVisible()).toBe(false)
  })

  test('the browser had nothing to say', () => {
    expect(messages).toEqual([])
  })
})
