// The admin as people use it, in a real browser: by mouse, by keyboard, by touch, without script, on paper.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Locator, Page } from 'playwright-core'
import { findChromium } from './browser.ts'
import { pageEvents } from './numbers-page.ts'
import { expectSame, FLOW, openPages, type Pages, paste, textOf } from './pages-kit.ts'
import { until } from './until.ts'
import { walkersEvents } from './walkers.ts'

const chromium = findChromium()
if (chromium === undefined) console.log('pages-browser.slow.test.ts skipped: no Chromium, see CONTRIBUTING.md')

const DAYS = 'from=2026-03-02&until=2026-03-04'

/** Goes where a link leads. */
type Follow = (page: Page, link: Locator) => Promise<void>

const byMouse: Follow = (_, link) => link.click()
const byTouch: Follow = (_, link) => link.tap()

/** By Tab from where the focus is, as somebody does who sees where it is at each press. */
const byKeyboard: Follow = async (page, link) => {
  for (let presses = 1; presses <= MOST_PRESSES; presses++) {
    await page.keyboard.press('Tab')
    expect(await page.evaluate<string>(FOCUS)).toBe('visible')
    if (await link.evaluate((element) => element === element.ownerDocument.activeElement)) {
      await page.keyboard.press('Enter')
      return
    }
  }
  throw new Error(`${link} has no focus after ${MOST_PRESSES} presses`)
}

const MOST_PRESSES = 150

/** An outline or a shadow, within the window. */
const FOCUS = `new Promise(requestAnimationFrame).then(() => {
  const focused = document.activeElement
  if (focused === document.body) return 'nowhere'
  const { outlineStyle, boxShadow } = getComputedStyle(focused)
  const { top, bottom } = focused.getBoundingClientRect()
  if (bottom < 0 || top > innerHeight) return 'outside of the window: ' + focused.outerHTML
  return outlineStyle !== 'none' || boxShadow !== 'none' ? 'visible' : 'not to be seen: ' + focused.outerHTML
})`

/** Of cards, which are Tabler's, and of what is ours: the chosen period, and the pattern of the lost. */
const COLOURS = `(() => {
  const of = (selector, name) => getComputedStyle(document.querySelector(selector))[name]
  return {
    card: of('.card', 'backgroundColor'),
    chosen: of('.presets [aria-current]', 'backgroundColor'),
    lost: of('.pattern-lost .pattern-line', 'stroke'),
  }
})()`

const THEMES = {
  light: { card: 'rgb(255, 255, 255)', chosen: 'rgb(233, 237, 243)', lost: 'rgb(180, 51, 43)' },
  dark: { card: 'oklch(0.2686 0 0)', chosen: 'rgb(38, 52, 73)', lost: 'rgb(255, 156, 145)' },
}

describe.skipIf(chromium === undefined)('the pages in a browser', () => {
  let pages: Pages
  beforeAll(async () => {
    pages = await openPages(chromium as string, { events: [...pageEvents(20), ...walkersEvents(200)] })
  }, 120_000)
  afterAll(() => pages.close())

  const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name })

  async function fillDays(page: Page): Promise<void> {
    await page.getByText('Custom').click()
    const form = page.getByRole('form', { name: 'Days' })
    await form.getByLabel('From').fill('2026-03-02')
    await form.getByLabel('Until').fill('2026-03-03')
    await form.getByRole('button', { name: 'Show' }).click()
  }

  describe('from the overview to who was lost, and back', () => {
    const lostAtDate = (page: Page) =>
      page
        .locator('.funnel-row', { has: page.getByRole('link', { name: 'DATE', exact: true }) })
        .locator('.funnel-cell', { hasText: 'Lost here' })
        .getByRole('link')

    async function walk(page: Page, follow: Follow): Promise<void> {
      await page.goto('/admin')
      await follow(page, page.locator('.flow-name', { hasText: 'repair-booking' }))
      await heading(page, 'repair-booking').waitFor()
      const flow = page.url()
      const lost = await lostAtDate(page).textContent()
      await follow(page, lostAtDate(page))
      await heading(page, 'Sessions').waitFor()
      await page.locator('.result-count', { hasText: `${lost} sessions` }).waitFor()
      const list = page.url()
      const first = page.locator('.row-link').first()
      const began = String(await first.textContent())
      await follow(page, first)
      await page.waitForURL('**/admin/sessions/*')
      await page.locator('main', { hasText: began }).waitFor()
      await page.goBack()
      await heading(page, 'Sessions').waitFor()
      await page.waitForURL(list)
      await page.locator('.result-count', { hasText: `${lost} sessions` }).waitFor()
      await page.goBack()
      await heading(page, 'repair-booking').waitFor()
      await page.waitForURL(flow)
      expect(await lostAtDate(page).textContent()).toBe(lost)
    }

    test('by mouse, on a desk', async () => walk(await pages.open(), byMouse), 120_000)

    // Else the page glides to where the focus is, and takes its time.
    test('by keyboard alone', async () => walk(await pages.open({ reducedMotion: 'reduce' }), byKeyboard), 120_000)

    test('by touch, on a phone', async () => {
      await walk(await pages.open({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }), byTouch)
    }, 120_000)

    test('the focus begins anew with each page, at the link that skips the navigation', async () => {
      const page = await pages.open({ reducedMotion: 'reduce' })
      await page.goto('/admin')
      await byKeyboard(page, page.locator('.flow-name', { hasText: 'repair-booking' }))
      await heading(page, 'repair-booking').waitFor()
      await page.keyboard.press('Tab')
      expect(await page.locator(':focus').textContent()).toBe('Skip to content')
      await page.keyboard.press('Enter')
      await page.keyboard.press('Tab')
      expect(await page.locator('main :focus').textContent()).toBe('Overview')
    }, 120_000)
  })

  describe('the address is the state', () => {
    let page: Page
    beforeAll(async () => {
      page = await pages.open()
    })

    const periodLink = (page: Page, name: string) => page.locator('.period-bar').getByRole('link', { name })

    const CHANGES: readonly [name: string, path: string, change: (page: Page) => Promise<void>][] = [
      ['a usual period', FLOW, (page) => periodLink(page, '91 days').click()],
      ['the period before', `${FLOW}?${DAYS}`, (page) => periodLink(page, 'The period before').click()],
      ['fixed days', FLOW, (page) => periodLink(page, 'fix the days').click()],
      [
        'days of one’s own',
        `${FLOW}?by=version`,
        async (page) => {
          await fillDays(page)
        },
      ],
      ['a comparison', `${FLOW}?period=today`, (page) => periodLink(page, 'compare').click()],
      ['no comparison', `${FLOW}?${DAYS}&compare=previous`, (page) => periodLink(page, 'stop comparing').click()],
      [
        'a breakdown',
        `${FLOW}?${DAYS}`,
        async (page) => {
          const form = page.getByRole('form', { name: 'Break down by' })
          await form.getByLabel('By').selectOption('weekday')
          await form.getByRole('button', { name: 'Show' }).click()
        },
      ],
      [
        'a filter of the flow taken away',
        `${FLOW}?${DAYS}&choice=service:emergency&version=1f3a5c7e`,
        (page) => page.locator('.chip', { hasText: 'emergency' }).click(),
      ],
      [
        'a filter of the list taken away',
        '/admin/sessions?flow=repair-booking&furthest=2&screen=HELP',
        (page) => page.locator('.chip', { hasText: 'HELP' }).click(),
      ],
    ]

    test.each(CHANGES)(
      '%s: pasted, reloaded, Back and Forward',
      async (_, path, change) => {
        await page.goto(path)
        const before = page.url()
        await change(page)
        await page.waitForURL((url) => url.href !== before)
        const after = page.url()
        const pasted = await paste(page)
        await expectSame(page, pasted)
        await page.reload()
        await expectSame(page, pasted)
        await page.goBack()
        await page.waitForURL(before)
        const pastedBefore = await paste(page)
        await expectSame(page, pastedBefore)
        await page.goForward()
        await page.waitForURL(after)
        await expectSame(page, pasted)
        for (const each of [pasted, pastedBefore]) await each.close()
      },
      60_000,
    )
  })

  describe('without script', () => {
    let page: Page
    beforeAll(async () => {
      page = await pages.open({ javaScriptEnabled: false })
    })

    test.each([
      '/admin',
      `${FLOW}?${DAYS}`,
      `${FLOW}/screens/DATE`,
      `${FLOW}/paths`,
      `${FLOW}/errors`,
      `${FLOW}/health`,
      `${FLOW}/quality`,
      '/admin/live',
      '/admin/sessions',
      '/admin/incidents',
      '/admin/health',
      '/admin/account',
    ])(
      '%s can be read',
      async (path) => {
        await page.goto(path)
        expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1)
        expect((await textOf(page)).length).toBeGreaterThan(100)
      },
      60_000,
    )

    test('periods, days and breakdowns are links and forms', async () => {
      await page.goto(FLOW)
      await page.getByRole('link', { name: '7 days' }).click()
      await page.waitForURL(`**${FLOW}?period=7d`)
      await fillDays(page)
      await page.waitForURL('**?from=2026-03-02&until=2026-03-03')
      await page.getByLabel('By', { exact: true }).selectOption('version')
      await page.getByRole('form', { name: 'Break down by' }).getByRole('button', { name: 'Show' }).click()
      await page.waitForURL('**?from=2026-03-02&until=2026-03-03&by=version')
      expect(await page.locator('.breakdown-table tbody tr').count()).toBeGreaterThan(1)
    }, 120_000)

    test('the list is filtered and turned over, and the number is one link away', async () => {
      await page.goto('/admin/sessions')
      await page.getByLabel('Ending').selectOption('lost')
      await page.getByRole('button', { name: 'Filter' }).click()
      await page.waitForURL('**/admin/sessions?*ending=lost*')
      const newest = await page.locator('.row-link').first().textContent()
      await page.getByRole('link', { name: 'Older' }).click()
      await page.waitForURL('**&after=*')
      expect(await page.locator('.row-link').first().textContent()).not.toBe(newest)
      await page.getByRole('link', { name: 'How many are there?' }).click()
      await page.getByText(/^[\d,]+ sessions$/).waitFor()
    }, 120_000)

    test('the live page is loaded anew by itself, and has nothing to pause', async () => {
      await page.goto('/admin/live')
      expect(await page.getByRole('button', { name: 'Pause' }).isVisible()).toBe(false)
      const opening = { version: '3.0', action: 'INIT', flow_token: 'without-script' }
      await pages.api.client.send('repair-booking', opening)
      await page.locator('.present', { hasText: 'SERVICE' }).waitFor()
    }, 60_000)

    // Who never chose has what the system says; last, it is a choice that takes another back.
    test.each([
      ['Light', { light: 'light', dark: 'light' }],
      ['Dark', { light: 'dark', dark: 'dark' }],
      ['As the system says', { light: 'light', dark: 'dark' }],
    ] as const)(
      'the theme %s is %j, by what the system says, everywhere',
      async (theme, shown) => {
        await page.goto('/admin/account')
        await page.getByLabel(theme).check()
        await page.locator('form', { hasText: 'Theme' }).getByRole('button').click()
        await page.getByText('Kept.').waitFor()
        await page.goto(FLOW)
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme })
          expect([colorScheme, await page.evaluate<object>(COLOURS)]).toEqual([colorScheme, THEMES[shown[colorScheme]]])
        }
      },
      60_000,
    )
  })

  test('paper is light, and has the period, the filters and every table, but no navigation', async () => {
    const page = await pages.open()
    await page.goto(`${FLOW}?${DAYS}&choice=service:emergency`)
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
    const isVisible = (selector: string) => page.locator(selector).first().isVisible()
    for (const hidden of ['.topbar', '.tabs', '.presets', '.skip-link', '.period-link'])
      expect([hidden, await isVisible(hidden)]).toEqual([hidden, false])
    for (const shown of ['.period-text', '.chip', '#funnel-chart table', '.card-heading'])
      expect([shown, await isVisible(shown)]).toEqual([shown, true])
    const [period, chip, card] = await Promise.all(
      ['.period-text', '.chip', 'section.card'].map(
        async (each) => (await page.locator(each).first().boundingBox())?.y,
      ),
    )
    expect(Math.max(period as number, chip as number)).toBeLessThan(card as number)
    expect(await page.evaluate<string>('getComputedStyle(document.documentElement).colorScheme')).toBe('light')
    expect((await page.pdf({ format: 'A4' })).byteLength).toBeGreaterThan(10_000)
  }, 120_000)

  test('the browser had nothing to say', () => {
    expect(pages.messages()).toEqual([])
  })
})

describe.skipIf(chromium === undefined)('what renews itself', () => {
  const asked = (page: Page, path: string) => {
    let requests = 0
    page.on('request', (request) => {
      if (new URL(request.url()).pathname === path) requests++
    })
    return () => requests
  }
  const ofPerson = (token: string) => ({ version: '3.0', action: 'INIT', flow_token: token })

  test('the live page shows who comes, pauses, rests while hidden, and says when the server is gone', async () => {
    const pages = await openPages(chromium as string, { events: pageEvents() })
    const page = await pages.open()
    // Time goes on as usual, and can be hurried.
    await page.clock.install()
    await page.goto('/admin/live')
    const { client } = pages.api
    await client.send('repair-booking', ofPerson('first'))
    await page.locator('.present', { hasText: '1 SERVICE' }).waitFor()

    await page.getByRole('button', { name: 'Pause' }).click()
    const requests = asked(page, '/admin/live')
    await page.clock.runFor(6_000)
    expect(requests()).toBe(0)
    await client.send('repair-booking', ofPerson('second'))
    await page.getByRole('button', { name: 'Go on' }).click()
    await page.clock.runFor(2_000)
    await page.locator('.present', { hasText: '2 SERVICE' }).waitFor()
    expect(await page.getByRole('button', { name: 'Pause' }).isVisible()).toBe(true)

    const hide = (isHidden: boolean) =>
      page.evaluate(`Object.defineProperty(document, 'hidden', { configurable: true, get: () => ${isHidden} })`)
    await hide(true)
    await page.waitForLoadState('networkidle')
    const before = requests()
    await page.clock.runFor(6_000)
    expect(requests()).toBe(before)
    await hide(false)
    await until('it asks again', () => requests() > before)

    expect(await page.getByText('offline').isVisible()).toBe(false)
    await pages.api.stop()
    await page.clock.runFor(2_000)
    await page.getByText('offline').waitFor()
    await page.context().browser()?.close()
  }, 120_000)

  test('the first steps: the health check makes its light green, the first person opens the way on', async () => {
    const pages = await openPages(chromium as string, { events: [] })
    const page = await pages.open()
    await page.goto('/admin')
    const step = page.locator('.first-step', { hasText: "See Meta's health check arrive" })
    expect(await step.textContent()).toContain('waiting')
    await pages.api.client.send('repair-booking', { version: '3.0', action: 'ping' })
    await page.locator('.first-step-done', { hasText: "See Meta's health check arrive" }).waitFor()
    await pages.api.client.send('repair-booking', ofPerson('first'))
    await page.getByRole('link', { name: 'Show the overview' }).waitFor()
    expect(pages.messages()).toEqual([])
    await pages.close()
  }, 120_000)
})
