import { describe, expect, test } from 'bun:test'
import { trailOf } from '../../test/trail-text.ts'
import { frictionOf } from '../insight/friction.ts'
import { funnelOf } from '../insight/funnel.ts'
import { latencyOf } from '../insight/latency.ts'
import { pathsOf } from '../insight/paths.ts'
import { sessionsOf } from '../trail/derive-sessions.ts'
import type { Session } from '../trail/session.ts'
import { aggregateSessions } from './session-aggregate.ts'
import { sessionStatistics } from './session-statistics.ts'

const HOUR = 3_600_000
const rules = { gapMs: 24 * HOUR, repeatWindowMs: 0, funnel: [], choices: {} }

const sessionOf = (drawn: string): Session => sessionsOf(trailOf(drawn), rules)[0] as Session
const asked = (...sessions: Session[]) => sessionStatistics(aggregateSessions(sessions), Number.MAX_SAFE_INTEGER)

test('who completes and opens the flow again has completed from where that was, and counts no more', () => {
  const all = asked(
    sessionOf(`
      0s   init    -        SERVICE  shown
      10s  submit  SERVICE  CONFIRM  shown
      20s  submit  CONFIRM  END      completed
      60s  init    -        SERVICE  shown
      70s  submit  SERVICE  HELP     shown      took=2000`),
  )
  const { places, links } = pathsOf(all.paths)
  expect(
    places.map(({ screen, entries, in: into, out, exits }) => [screen, entries, into, out, exits.completed]),
  ).toEqual([
    ['CONFIRM', 0, 1, 0, 1],
    ['SERVICE', 1, 0, 1, 0],
  ])
  expect(links).toEqual([{ from: 'SERVICE', to: 'CONFIRM', count: 1 }])
  expect(frictionOf(all).map(({ screen, sessions, completed, shown }) => [screen, sessions, completed, shown])).toEqual(
    [
      ['CONFIRM', 1, 1, 1],
      ['SERVICE', 1, 0, 1],
    ],
  )
  const { steps } = funnelOf(all.paths, { steps: [['SERVICE'], ['CONFIRM'], ['HELP']] })
  expect(steps.map(({ reached, completed }) => [reached, completed])).toEqual([
    [1, 0],
    [1, 1],
    [0, 0],
  ])
  expect(latencyOf(all).map(({ screen }) => screen)).toEqual(['CONFIRM', 'SERVICE'])
})

describe('a path through more than sixty visits', () => {
  /** From each screen to the next; then `end`, from the last one. */
  const walk = (screens: readonly string[], end = '') => {
    const sent = screens.map((to, n) => `${n}s ${n === 0 ? 'init -' : `submit ${screens[n - 1]}`} ${to} shown`)
    return asked(sessionOf([...sent, end].join('\n')))
  }
  /** SERVICE and DATE in turn, sixty visits. */
  const toAndFro = Array.from({ length: 60 }, (_, n) => (n % 2 === 0 ? 'SERVICE' : 'DATE'))
  const steps = [['SERVICE'], ['DATE'], ['CONTACT'], ['CONFIRM']]

  test('has its first 59, the first visit of each screen that comes later, and the last', () => {
    const { paths } = walk([...toAndFro, 'CONTACT', 'DATE', 'CONTACT', 'CONFIRM'], '99s submit CONFIRM END completed')
    expect(paths).toMatchObject([{ screens: [...toAndFro.slice(0, 59), 'CONTACT', 'CONFIRM'], completed: 1 }])
    const funnel = funnelOf(paths, { steps }).steps
    expect(funnel.map(({ reached, completed }) => [reached, completed])).toEqual([
      [1, 0],
      [1, 0],
      [1, 0],
      [1, 1],
    ])
  })

  test('the screen that was last keeps its place among those that came first', () => {
    const all = walk([...toAndFro, 'CONTACT', 'CONFIRM', 'CONTACT'])
    expect(funnelOf(all.paths, { steps }).steps.map(({ reached, lost }) => [reached, lost])).toEqual([
      [1, 0],
      [1, 0],
      [1, 0],
      [1, 1],
    ])
    expect(frictionOf(all).map(({ screen, sessions, lost }) => [screen, sessions, lost])).toEqual([
      ['CONTACT', 1, 1],
      ['CONFIRM', 1, 0],
      ['DATE', 1, 0],
      ['SERVICE', 1, 0],
    ])
  })

  test('has no more than 120, as names can be made up', () => {
    const madeUp = Array.from({ length: 200 }, (_, n) => `X${n}`)
    const [path] = walk([...toAndFro, ...madeUp, 'DATE']).paths
    expect(path?.screens).toEqual([...toAndFro.slice(0, 59), ...madeUp.slice(0, 60), 'DATE'])
  })

  test('of sixty is told as it was', () => {
    expect(walk(toAndFro).paths).toMatchObject([{ screens: toAndFro }])
    expect(walk([...toAndFro, 'CONTACT']).paths).toMatchObject([{ screens: [...toAndFro.slice(0, 59), 'CONTACT'] }])
  })
})
