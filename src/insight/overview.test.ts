// A flow in a few numbers, worked out by hand on the sessions of docs/numbers.md.

import { expect, test } from 'bun:test'
import { FUNNEL, LOST_AFTER_MS, NOW, pageSessions } from '../../test/numbers-page.ts'
import { endingOf } from '../trail/session.ts'
import { timedPathOf } from './funnel.ts'
import { overviewOf } from './overview.ts'

const [MONDAY, TUESDAY] = ['2026-03-02', '2026-03-03']

const days = [
  { day: MONDAY, isSettled: true },
  { day: TUESDAY, isSettled: false },
]
const daysBefore = ['2026-02-28', '2026-03-01']

/** The twenty sessions, one day each, as they are or as of another version. */
const found = (version: (day: string) => string = () => 'one') =>
  pageSessions().map((session) => {
    const day = new Date(session.startedAt).toISOString().slice(0, 10)
    return { day, version: version(day), paths: [timedPathOf(session, endingOf(session, NOW, LOST_AFTER_MS))] }
  })

const about = (sessions = found()) => overviewOf(sessions, { days, daysBefore, steps: FUNNEL })

test('all sessions of the period, by their endings and by day', () => {
  const { sessions, completed, open, lost, completion, days } = about()
  expect({ sessions, completed, open, lost }).toEqual({ sessions: 20, completed: 8, open: 2, lost: 10 })
  expect([completion.count, completion.of]).toEqual([8, 18])
  expect(days.map(({ day, completion }) => [day, completion.count, completion.of])).toEqual([
    [MONDAY, 5, 10],
    [TUESDAY, 3, 8],
  ])
})

test('most are lost at the step of the funnel that loses most', () => {
  expect(about().worst).toMatchObject({ step: 2, screens: ['DATE'], lost: 6, reached: 17 })
  expect(overviewOf([], { days, daysBefore, steps: FUNNEL }).worst).toBeUndefined()
})

test('the change leaves out days on which somebody can still be open, on both sides', () => {
  expect(about().change).toMatchObject({ now: { count: 5, of: 10 }, before: { count: 0, of: 0 }, by: null })

  const tuesday = found().filter(({ day }) => day === TUESDAY)
  const twoDaysBefore = [...tuesday, ...tuesday].map((each) => ({ ...each, day: daysBefore[0] as string }))
  const notCompared = tuesday.map((each) => ({ ...each, day: daysBefore[1] as string }))
  const { change } = about([...found(), ...twoDaysBefore, ...notCompared])
  expect(change).toMatchObject({ now: { count: 5, of: 10 }, before: { count: 6, of: 16 } })
  expect(change.by).toBeCloseTo(0.5 - 0.375)
})

test('a version is new from its first day on, unless it is the first of all', () => {
  expect(about().newVersions).toEqual([])
  const changed = found((day) => (day === MONDAY ? 'one' : 'two'))
  expect(about(changed).newVersions).toEqual([{ version: 'two', day: TUESDAY }])
})
