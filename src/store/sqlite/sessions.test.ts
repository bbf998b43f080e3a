import { Database } from 'bun:sqlite'
import { expect, test } from 'bun:test'
import { eventOf } from '../../../test/arbitrary-events.ts'
import { RULES } from '../../../test/store-contract/expected.ts'
import { sessionsOf } from '../../trail/derive-sessions.ts'
import { NEVER } from '../frozen.ts'
import { SESSION_TABLES } from './rollup-tables.ts'
import { MIGRATIONS } from './schema.ts'
import { createSessions } from './sessions.ts'
import { createStaleMinutes } from './stale-minutes.ts'
import { createStringDictionary } from './string-dictionary.ts'
import { createTrails } from './trails.ts'

const [first, second, third] = [0, 1_000, 2_000].map((at) => eventOf({ at, token: 'ada' })) as [Event, Event, Event]
type Event = ReturnType<typeof eventOf>

const ofTwo = sessionsOf([first, second], RULES.otherwise)
const ofThree = sessionsOf([first, second, third], RULES.otherwise)
const ofLast = sessionsOf([third], RULES.otherwise)

// Events go before the sessions made from them do, so what is computed later may know less.
test.each([
  ['more events replaces', ofTwo, ofThree, ofThree],
  [
    'as many events replaces',
    ofTwo,
    sessionsOf([second, third], RULES.otherwise),
    sessionsOf([second, third], RULES.otherwise),
  ],
  ['fewer events does not replace', ofThree, ofTwo, ofThree],
  ['fewer events, under another id, stands beside', ofThree, ofLast, [...ofThree, ...ofLast]],
])('a summary of %s', (_, before, after, kept) => {
  const db = new Database(':memory:', { strict: true })
  for (const step of MIGRATIONS) step(db)
  const words = createStringDictionary(db)
  const sessions = createSessions(db, words, createStaleMinutes(db, SESSION_TABLES))
  const trail = createTrails(db, words).add(first, { segment: 0, events: 0, lastAt: 0 })

  const { flow, token } = first
  for (const derived of [before, after])
    sessions.replace(trail, {
      flow,
      token,
      sessions: derived,
      sourceEventCount: Number(derived[0]?.sourceEventCount),
      settledBefore: NEVER,
    })
  expect(sessions.ofTrail(trail)).toEqual(kept)
})
