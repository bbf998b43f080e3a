import { describe, expect, test } from 'bun:test'
import { page, pageEvents } from '../../test/numbers-page.ts'
import { HOUR_MS } from '../lib/units.ts'
import { aggregateEvents } from '../rollup/event-aggregate.ts'
import { errorBreakdownOf } from './error-breakdown.ts'
import { errorShareOf, type Faults, faultsIn } from './errors.ts'

test('the hours of the page', () => {
  const hours = Map.groupBy(pageEvents(), ({ at }) => Math.floor(at / HOUR_MS))
  const rows = [...hours].map(([hour, events]) => {
    const faults = faultsIn(
      Object.values(aggregateEvents(events).requests).map(({ requests: answered, withErrors }) => ({
        answered,
        errors: withErrors,
        refused: {},
      })),
    )
    const { validation, client, upstream, internal } = faults.errors
    const name = new Date(hour * HOUR_MS).toISOString().slice(0, 16).replace('T', ' ')
    return `| ${[name, faults.answered, 0, validation, client, upstream, internal].join(' | ')} |`
  })
  expect(rows).toHaveLength(3)
  for (const row of rows) expect(page).toContain(row)
})

test('the errors of the page, one by one', () => {
  const { validation, client, upstream, internal } = errorBreakdownOf(aggregateEvents(pageEvents()).errors)
  expect(validation).toHaveLength(2)
  for (const { screen, field, rule, n } of validation)
    expect(page).toContain(`| ${[screen, field, rule, n].join(' | ')} |`)
  expect([client, upstream, internal]).toEqual([[], [], []])
})

describe('parts', () => {
  const faults: Faults = { answered: 90, errors: { upstream: 9 }, refused: { malformed: 6, token_refused: 4 } }

  test('errors are of what we answered, refusals of all that came', () =>
    expect([
      errorShareOf(faults, 'upstream'),
      errorShareOf(faults, 'malformed'),
      errorShareOf(faults, 'too_large'),
    ]).toEqual([
      { errors: 9, requests: 90 },
      { errors: 6, requests: 100 },
      { errors: 0, requests: 100 },
    ]))

  test('what is not known is not said to be none', () =>
    expect(errorShareOf({ ...faults, refused: null }, 'malformed')).toBeUndefined())

  test('of times together, what is refused is known when it is of each', () => {
    expect(faultsIn([faults, faults])).toEqual({
      answered: 180,
      errors: { validation: 0, client: 0, upstream: 18, internal: 0 },
      refused: { decrypt_failed: 0, bad_signature: 0, token_refused: 8, malformed: 12, too_large: 0 },
    })
    expect(faultsIn([faults, { ...faults, refused: null }]).refused).toBeNull()
  })
})

test('errors are told by where they were and what they were, the most frequent first', () => {
  const errors = {
    '': { 'upstream_timeout:slots': 2, internal_error: 1 },
    DATE: {
      'invalid_field:date/min': 3,
      'client:odd: a/b': 4,
      'client:unnamed': 5,
      'expression_failed:date/check': 6,
      'expression_failed:days': 7,
      reply_large: 8,
      something_new: 9,
    },
  }
  expect(errorBreakdownOf(errors)).toEqual({
    validation: [{ screen: 'DATE', field: 'date', rule: 'min', n: 3 }],
    client: [
      { screen: 'DATE', key: 'unnamed', n: 5 },
      { screen: 'DATE', key: 'odd: a/b', n: 4 },
    ],
    upstream: [{ screen: '', source: 'slots', code: 'upstream_timeout', n: 2 }],
    internal: [
      { screen: 'DATE', code: 'something_new', n: 9 },
      { screen: 'DATE', code: 'expression_failed', field: 'days', n: 7 },
      { screen: 'DATE', code: 'expression_failed', field: 'date', rule: 'check', n: 6 },
      { screen: '', code: 'internal_error', n: 1 },
    ],
  })
})
