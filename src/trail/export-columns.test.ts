import { expect, test } from 'bun:test'
import { bookedTrail } from '../../test/admin-kit.ts'
import { eventOf, START } from '../../test/arbitrary-events.ts'
import { sessionsOf } from './derive-sessions.ts'
import { EVENT_COLUMNS, eventRow, SESSION_COLUMNS, sessionRow } from './export-columns.ts'
import type { Session } from './session.ts'

const DAY = 86_400_000
const RULES = { gapMs: DAY, repeatWindowMs: 15_000, funnel: [['SERVICE_SELECTION'], ['DATE_TIME']], choices: {} }

const sessionOf = (): Session => sessionsOf(bookedTrail('tok', START), RULES)[0] as Session

test('every row has the promised columns in their order', () => {
  expect(Object.keys(eventRow(eventOf(), 'S'))).toEqual([...EVENT_COLUMNS])
  expect(EVENT_COLUMNS.join(' ')).toBe(
    'event_id flow_token session_id flow flow_version action screen_name next_screen outcome trigger input_values error_code ' +
      'error_field error_rule error_message processing_time_ms upstream_time_ms request_bytes reply_bytes received_at sequence ' +
      'fingerprint errors',
  )
  expect(Object.keys(sessionRow(sessionOf(), START, DAY))).toEqual([...SESSION_COLUMNS])
  expect(SESSION_COLUMNS.join(' ')).toBe(
    'session_id flow_token flow flow_version ending started_at last_at completed_at duration_ms exit_screen furthest_step ' +
      'path events repeats rejects backs reopens client_errors dwell_ms choices',
  )
})

test('an event says what was asked, answered and when, in UTC', () => {
  const event = eventOf({ input: { service: 'routine', name: { $length: 4 } }, trigger: 'slots' })
  expect(eventRow(event, 'SF5A5VX4ZY5Q')).toMatchObject({
    event_id: event.id,
    flow_token: 'token-1',
    session_id: 'SF5A5VX4ZY5Q',
    screen_name: 'SERVICE_SELECTION',
    next_screen: 'DATE_TIME',
    trigger: 'slots',
    input_values: { service: 'routine', name: { $length: 4 } },
    error_code: null,
    error_field: null,
    processing_time_ms: 4.25,
    received_at: '2026-03-02T09:00:00.000Z',
  })
})

test('several errors share their cells in the same order, with a gap where one has nothing to say', () => {
  const errors = [
    { code: 'invalid_field', field: 'name', rule: 'required', message: 'Your name' },
    { code: 'upstream_timeout', field: 'slots' },
  ]
  expect(eventRow(eventOf({ errors }), undefined)).toMatchObject({
    session_id: null,
    error_code: 'invalid_field; upstream_timeout',
    error_field: 'name; slots',
    error_rule: 'required; ',
    error_message: 'Your name; ',
  })
})

test('a session says how far it got, which way, and where the time went', () => {
  expect(sessionRow(sessionOf(), START, DAY)).toMatchObject({
    ending: 'completed',
    started_at: '2026-03-02T09:00:00.000Z',
    completed_at: '2026-03-02T09:01:48.000Z',
    duration_ms: 108_000,
    exit_screen: 'CONFIRMATION',
    furthest_step: 2,
    path: 'SERVICE_SELECTION > DATE_TIME > CONTACT_INFO > CONFIRMATION',
    events: 6,
    rejects: 1,
    dwell_ms: 107_797,
  })
})

test.each([
  [DAY - 1, 'open'],
  [DAY, 'lost'],
])('a session without an end is judged by its silence of %i ms', (silence, ending) => {
  const [session] = sessionsOf([eventOf()], RULES)
  expect(sessionRow(session as Session, START + silence, DAY)).toMatchObject({ ending, completed_at: null })
})
