import { expect, test } from 'bun:test'
import { ofPage, startApi } from '../../test/api-kit.ts'
import { eventOf } from '../../test/arbitrary-events.ts'
import { page, pageEvents } from '../../test/numbers-page.ts'
import { payloadsResource } from './resources.ts'

test('the payloads of the page, against the limit that the endpoint keeps', async () => {
  const api = await startApi()
  try {
    const { screens, limitBytes } = await api.tell(payloadsResource, ofPage('payloads'))
    expect(page).toContain(`${limitBytes.toLocaleString('en-US')} bytes`)
    for (const { screen, request, reply } of screens)
      expect(page).toContain(`| ${screen || '(opening)'} | ${request.n} | ${reply.n} |`)
    expect(screens).toHaveLength(7)
    expect(screens.find(({ screen }) => screen === 'DATE')).toEqual({
      screen: 'DATE',
      request: { n: 12, p50: 612, p99: 612, max: 612, ofLimit: 612 / limitBytes },
      reply: { n: 21, p50: 480, p99: 480, max: 480, ofLimit: 480 / limitBytes },
    })
    const other = await api.tell(payloadsResource, ofPage('payloads', 'version=none'))
    expect([other.screens, other.limitBytes]).toEqual([[], limitBytes])
  } finally {
    await api.stop()
  }
})

test('a reply of the period that is near the limit stands out, in the days of the time zone', async () => {
  const large = { next: 'HELP', replyBytes: 1_300_000 }
  const events = [
    ...pageEvents(),
    eventOf({ ...large, token: 'Monday', at: Date.parse('2026-03-01T18:30:00Z') }),
    eventOf({ ...large, token: 'Sunday', at: Date.parse('2026-03-01T18:29:59.999Z'), replyBytes: 1_390_000 }),
  ]
  const api = await startApi({ timezone: 'Asia/Kolkata', events })
  try {
    const { screens, limitBytes } = await api.tell(payloadsResource, ofPage('payloads'))
    expect(screens[0]).toMatchObject({
      screen: 'HELP',
      request: { n: 1 },
      reply: { n: 1, max: 1_300_000, ofLimit: 1_300_000 / limitBytes },
    })
  } finally {
    await api.stop()
  }
})
