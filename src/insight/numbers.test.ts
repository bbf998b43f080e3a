// The numbers of docs/numbers.md that the API does not answer as they stand there; the others are in api/numbers.test.ts.

import { describe, expect, test } from 'bun:test'
import { FUNNEL, LOST_AFTER_MS, NOW, page, pageEvents, pageSessions, prose, RULES } from '../../test/numbers-page.ts'
import { aggregateSessions } from '../rollup/session-aggregate.ts'
import { sessionStatistics } from '../rollup/session-statistics.ts'
import { total } from '../stats/counts.ts'
import { sessionsOf } from '../trail/derive-sessions.ts'
import { endingOf } from '../trail/session.ts'
import { driversOf, sentenceOf } from './drivers.ts'
import { frictionOf } from './friction.ts'
import { funnelOf, timedPathOf } from './funnel.ts'
import { type PathQuery, pathsOf } from './paths.ts'
import { timeToConvert } from './time-to-convert.ts'

const sessions = pageSessions()
const asked = sessionStatistics(aggregateSessions(sessions), NOW - LOST_AFTER_MS)
const walks = sessions.map((session) => timedPathOf(session, endingOf(session, NOW, LOST_AFTER_MS)))
const DAYS = { from: '2026-03-02', until: '2026-03-03', timezone: 'UTC' }

const rowsIn = (cells: readonly (readonly (string | number)[])[]) => {
  for (const row of cells) expect(page).toContain(`| ${row.join(' | ')} |`)
}

test('the twenty sessions are twenty', () => expect(sessions).toHaveLength(20))

test('the interval', () => {
  const [, date] = funnelOf(asked.paths, { steps: FUNNEL }).steps
  expect([date?.dropOff.low, date?.dropOff.high].map((share) => (Number(share) * 100).toFixed(1))).toEqual([
    '18.5',
    '61.4',
  ])
  expect(page).toContain('from 18.5 % to 61.4 %')
})

test('the funnel from walks with times is the same', () =>
  expect(funnelOf(walks, { steps: FUNNEL })).toEqual(funnelOf(asked.paths, { steps: FUNNEL })))

test('friction', () => {
  const friction = frictionOf(asked)
  rowsIn(
    friction.map((row) => [
      row.screen,
      row.sessions,
      row.lost,
      row.shown,
      row.inferred,
      row.submitted,
      row.refusedFields,
      row.rejected,
      row.corrected.count,
      row.backs,
      row.unseenBacks,
      row.reopens,
    ]),
  )
  expect(friction.map(({ screen }) => screen)).toEqual(['DATE', 'SERVICE', 'CONTACT', 'CONFIRM', 'EMERGENCY', 'HELP'])
  expect(friction[0]).toMatchObject({ refusedFieldsBy: { 'date/min': 2 }, lostShare: { count: 6, of: 16 } })
  expect(friction[2]).toMatchObject({ refusedFieldsBy: { 'phone/type': 1 } })
})

test('had nobody asked us for Back, only times would be lost', () => {
  const unasked = [...Map.groupBy(pageEvents(), ({ token }) => token).values()].flatMap((events) =>
    sessionsOf(
      events.filter(({ action }) => action !== 'back'),
      RULES,
    ),
  )
  expect(total(unasked.map(({ counts }) => counts.backs))).toBe(0)
  const seen = sessionStatistics(aggregateSessions(unasked), NOW - LOST_AFTER_MS)
  expect(seen.paths).toEqual(asked.paths)
  expect(pathsOf(seen.paths)).toEqual(pathsOf(asked.paths))
  const counts = (statistics: typeof asked) =>
    frictionOf(statistics).map(({ dwellMs: _d, loadMs: _l, answerMs: _a, upstreamMs: _u, ...row }) => row)
  expect(counts(seen)).toEqual(counts(asked).map((row) => (row.screen === 'DATE' ? { ...row, unseenBacks: 1 } : row)))
  expect(seen.screens.DATE?.dwellMs).toEqual([10, 19, 20, 20, 22, 24, 24, 26, 30, 40].map((s) => s * 1_000))
  expect(frictionOf(seen)[0]).toMatchObject({ screen: 'DATE', shown: 19, backs: 1 })
  expect(prose).toContain('DATE would have the same 19 visits and 1 of *backs*, with 1 of *unseen backs*')
})

test('hesitation, loading and answering', () => {
  const [date] = frictionOf(asked)
  expect(asked.screens.DATE?.dwellMs).toEqual([10, 18, 19, 20, 20, 22, 24, 24, 26, 30, 40].map((s) => s * 1_000))
  expect(date?.dwellMs).toMatchObject({ n: 11, p50: 22_000, p90: 30_000 })
  expect(page).toContain('10, 18, 19, 20, 20, 22, 24, 24, 26, 30 and 40 seconds')
  expect(page).toContain('p50 is 22 s and p90 is 30 s')
  expect(date?.loadMs).toMatchObject({ n: 19, p50: 100, p99: 100 })
  expect(date?.answerMs).toMatchObject({ n: 11, p50: 100 })
  expect(frictionOf(asked).find(({ screen }) => screen === 'HELP')?.loadMs).toEqual({ n: 0 })
})

test('time to convert', () => {
  const { ms, histogram } = timeToConvert(asked)
  expect(asked.convertMs).toEqual([59_500, 65_400, 65_400, 75_400, 77_400, 81_600, 82_500, 124_600])
  expect(page).toContain('59.5, 65.4, 65.4, 75.4, 77.4, 81.6, 82.5 and 124.6 seconds')
  expect(ms).toMatchObject({ n: 8, p50: 75_400, p90: 82_500 })
  expect(histogram.map(({ count }) => count)).toEqual([0, 1, 6, 1, 0, 0, 0, 0, 0, 0])
})

describe('paths up to the first visit of a screen, and from it on', () => {
  const told = (query: PathQuery) => {
    const { links, places, sessions } = pathsOf(asked.paths, query)
    return {
      sessions,
      links: links.map(({ from, to, count }) => [from, to, count]),
      places: places.map(({ screen, entries, in: into, out, exits }) => [screen, entries, into, out, exits]),
    }
  }
  const exits = { wentOn: 0, completed: 0, open: 0, lost: 0 }

  test('up to CONTACT: ten come, of whom 4 is lost there, and nine go on', () => {
    expect(told({ before: 'CONTACT' })).toEqual({
      sessions: 10,
      links: [
        ['SERVICE', 'DATE', 12],
        ['DATE', 'CONTACT', 9],
        ['DATE', 'SERVICE', 2],
        ['DATE', 'HELP', 1],
        ['HELP', 'CONTACT', 1],
      ],
      places: [
        ['CONTACT', 0, 10, 0, { ...exits, wentOn: 9, lost: 1 }],
        ['DATE', 0, 12, 12, exits],
        ['SERVICE', 10, 2, 12, exits],
        ['HELP', 0, 1, 1, exits],
      ],
    })
    expect(page).toContain('10 come to CONTACT, 9 go on, and 1 is lost')
  })

  test('up to DATE: of 9 and 17, who were there twice, only the first time', () => {
    expect(told({ before: 'DATE' })).toEqual({
      sessions: 17,
      links: [['SERVICE', 'DATE', 17]],
      places: [
        ['DATE', 0, 17, 0, { ...exits, wentOn: 10, open: 1, lost: 6 }],
        ['SERVICE', 17, 0, 17, exits],
      ],
    })
  })

  test('from DATE on: 9 and 17 go back to SERVICE and come again', () => {
    expect(told({ after: 'DATE' })).toEqual({
      sessions: 17,
      links: [
        ['DATE', 'CONTACT', 9],
        ['CONTACT', 'CONFIRM', 8],
        ['DATE', 'SERVICE', 2],
        ['SERVICE', 'DATE', 2],
        ['CONTACT', 'EMERGENCY', 1],
        ['DATE', 'HELP', 1],
        ['HELP', 'CONTACT', 1],
      ],
      places: [
        ['DATE', 17, 2, 12, { ...exits, open: 1, lost: 6 }],
        ['CONTACT', 0, 10, 9, { ...exits, lost: 1 }],
        ['CONFIRM', 0, 8, 0, { ...exits, completed: 7, lost: 1 }],
        ['SERVICE', 0, 2, 2, exits],
        ['EMERGENCY', 0, 1, 0, { ...exits, completed: 1 }],
        ['HELP', 0, 1, 1, exits],
      ],
    })
  })

  test('from DATE up to DATE: who came there, and what became of those who did nothing more', () => {
    expect(told({ after: 'DATE', before: 'DATE' })).toEqual({
      sessions: 17,
      links: [],
      places: [['DATE', 17, 0, 0, { ...exits, wentOn: 10, open: 1, lost: 6 }]],
    })
  })
})

test('drivers of leaving', () => {
  const driversAmong = (copies: number) => {
    const all = sessionStatistics(aggregateSessions(pageSessions(copies)), NOW - LOST_AFTER_MS)
    return driversOf({ choices: RULES.choices, all, days: 2, slices: [] })
  }
  expect(driversAmong(1)).toEqual([])
  const [costliest] = driversAmong(10)
  expect(costliest).toMatchObject({
    screen: 'DATE',
    factor: { kind: 'choice', field: 'service', value: 'emergency' },
    n: 70,
    lost: 50,
    others: 90,
    othersLost: 10,
  })
  expect(page).toContain(`**${costliest && sentenceOf(costliest, DAYS)}**`)
  const [completions, low, high] = [costliest?.gain.completions, costliest?.gain.low, costliest?.gain.high].map(
    (gain) => gain?.toFixed(1),
  )
  expect(page).toContain(`**${completions} a month (95 %: ${low} to ${high})**`)
})
