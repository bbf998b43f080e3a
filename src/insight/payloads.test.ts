import { expect, test } from 'bun:test'
import { eventOf } from '../../test/arbitrary-events.ts'
import { page, pageEvents } from '../../test/numbers-page.ts'
import { aggregateEvents } from '../rollup/event-aggregate.ts'
import { SUCCESS } from '../trail/event.ts'
import { payloadsOf } from './payloads.ts'

const LIMIT = 1_398_124

test('the payloads of the page', () => {
  const screens = payloadsOf(aggregateEvents(pageEvents()), LIMIT)
  const rows = screens.map(({ screen, request, reply }) => [screen || '(opening)', request.n, reply.n].join(' | '))
  expect(rows).toHaveLength(7)
  for (const row of rows) expect(page).toContain(`| ${row} |`)
  for (const { request, reply } of screens) {
    if (request.n > 0) expect(request).toMatchObject({ p50: 612, p99: 612, max: 612, ofLimit: 612 / LIMIT })
    if (reply.n > 0) expect(reply).toMatchObject({ p50: 480, p99: 480, max: 480, ofLimit: 480 / LIMIT })
  }
})

test('a hundred replies, of which one is large: it is the largest, and takes its share of the limit', () => {
  const events = Array.from({ length: 100 }, (_, index) =>
    eventOf({
      token: String(index),
      next: 'PHOTOS',
      requestBytes: 600,
      replyBytes: index === 0 ? LIMIT / 2 : 1_000 + index,
    }),
  )
  const [photos, ...others] = payloadsOf(aggregateEvents([...events, eventOf({ next: 'LAST' })]), LIMIT)
  expect(photos).toEqual({
    screen: 'PHOTOS',
    request: { n: 0 },
    reply: { n: 100, p50: 1_050, p99: 1_099, max: LIMIT / 2, ofLimit: 0.5 },
  })
  expect(others.map(({ screen }) => screen)).toEqual(['SERVICE_SELECTION', 'LAST'])
})

test.each(['constructor', 'toString', '__proto__'])('a screen called %s is one like any other', (screen) => {
  const requested = eventOf({ screen, next: SUCCESS, outcome: 'completed' })
  const brought = eventOf({ screen: '', next: screen })
  const size = (max: number) => ({ n: 1, p50: max, p99: max, max, ofLimit: max / LIMIT })
  expect(payloadsOf(aggregateEvents([requested]), LIMIT)).toEqual([{ screen, request: size(612), reply: { n: 0 } }])
  expect(payloadsOf(aggregateEvents([brought]), LIMIT)).toEqual([
    { screen: '', request: size(612), reply: { n: 0 } },
    { screen, request: { n: 0 }, reply: size(480) },
  ])
})

test('where nothing came there is nothing', () => expect(payloadsOf(aggregateEvents([]), LIMIT)).toEqual([]))
