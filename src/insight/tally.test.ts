import { expect, test } from 'bun:test'
import { trailOf } from '../../test/drawn-trail.ts'
import { sessionsOf } from '../trail/derive.ts'
import type { Session } from '../trail/session.ts'
import { ask } from './asked.ts'
import { frictionOf } from './friction.ts'
import { funnelOf } from './funnel.ts'
import { latencyOf } from './latency.ts'
import { pathsOf } from './paths.ts'
import { tallyOf } from './tally.ts'

const HOUR = 3_600_000
const rules = { gapMs: 24 * HOUR, repeatWindowMs: 0, funnel: [], choices: {} }

const sessionOf = (drawn: string): Session => sessionsOf(trailOf(drawn), rules)[0] as Session
const asked = (...sessions: Session[]) => ask(tallyOf(sessions), Number.MAX_SAFE_INTEGER)

test('who completes and opens the flow again has completed from where that was, and counts no more', () => {
  const all = asked(
    sessionOf(`
      0s   init    -        SERVICE  shown
      10s  submit  SERVICE  CONFIRM  shown
      20s  submit  CONFIRM  END      completed
      60s  init    -        SERVICE  shown
      70s  submit  SERVICE  HELP     shown      took=2000`),
  )
  const { places, links } = pathsOf(all.ways)
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
  const { steps } = funnelOf(all.ways, { steps: [['SERVICE'], ['CONFIRM'], ['HELP']] })
  expect(steps.map(({ reached, completed }) => [reached, completed])).toEqual([
    [1, 0],
    [1, 1],
    [0, 0],
  ])
  expect(latencyOf(all).map(({ screen }) => screen)).toEqual(['CONFIRM', 'SERVICE'])
})
