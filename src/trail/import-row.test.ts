import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { arbitraryEvents, eventOf } from '../../test/arbitrary-events.ts'
import type { JsonObject } from '../lib/json.ts'
import { eventRow } from './export-columns.ts'
import { eventOfRow } from './import-row.ts'

/** As a build before November 29 exported it. */
const olderRow = (row: JsonObject): JsonObject => {
  const { sequence: _, fingerprint: __, errors: ___, ...older } = row
  return older
}

test('a row has everything that its event has', () => {
  fc.assert(
    fc.property(arbitraryEvents, (events) => {
      for (const event of events) expect(eventOfRow(eventRow(event, 'S'))).toEqual(event)
    }),
  )
})

test.each([
  ['none', []],
  ['one, with the separator in its text', [{ code: 'invalid_field', field: 'a', rule: 'in', message: 'Pick; one' }]],
  [
    'several',
    [
      { code: 'x', field: 'a', rule: 'in', message: 'Pick' },
      { code: 'upstream_timeout', field: 'b' },
    ],
  ],
  ['no field, no rule', [{ code: 'client:a' }, { code: 'client:b' }]],
])('an older row has its errors in words: %s', (_, errors) => {
  expect(eventOfRow(olderRow(eventRow(eventOf({ errors }), undefined))).errors).toEqual(errors)
})

test('of an older row, texts that cannot be told apart are left out, and codes and fields stay', () => {
  const errors = [
    { code: 'invalid_field', field: 'a', message: 'Pick; one' },
    { code: 'invalid_field', field: 'b', message: 'Pick' },
  ]
  expect(eventOfRow(olderRow(eventRow(eventOf({ errors }), undefined))).errors).toEqual([
    { code: 'invalid_field', field: 'a' },
    { code: 'invalid_field', field: 'b' },
  ])
})

test('older rows with equal input are equal submissions', () => {
  const fingerprintOf = (note: string) =>
    eventOfRow(olderRow(eventRow(eventOf({ input: { note } }), undefined))).fingerprint
  expect(fingerprintOf('a')).toBe(fingerprintOf('a'))
  expect(fingerprintOf('a')).not.toBe(fingerprintOf('b'))
})
