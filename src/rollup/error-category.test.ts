import { describe, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Glob } from 'bun'
import fc from 'fast-check'
import { arbitraryEvents, eventOf, START } from '../../test/arbitrary-events.ts'
import type { TrailError } from '../trail/event.ts'
import { type ErrorCategory, errorCategoryOf } from './error-category.ts'
import { aggregateEvents, mergeEventAggregates } from './event-aggregate.ts'

const withErrorsOf = (...requests: readonly (readonly TrailError[])[]) =>
  Object.values(aggregateEvents(requests.map((errors) => eventOf({ errors }))).requests).map(
    ({ withErrors }) => withErrors,
  )

describe('requests with errors', () => {
  const refused = (field: string): TrailError => ({ code: 'invalid_field', field, rule: 'min' })
  const slots: TrailError = { code: 'upstream_timeout', field: 'slots' }

  test('a request counts once for a category, and for each that it has', () =>
    expect(withErrorsOf([], [refused('date'), refused('phone')], [refused('date'), slots], [slots])).toEqual([
      { upstream: 2, validation: 2 },
    ]))

  test('a large reply is no error', () => expect(withErrorsOf([{ code: 'reply_large' }])).toEqual([{}]))

  test('are those of their five minutes', () => {
    const later = eventOf({ at: START + 300_000, errors: [slots] })
    expect(Object.values(aggregateEvents([eventOf(), later]).requests).map(({ withErrors }) => withErrors)).toEqual([
      {},
      { upstream: 1 },
    ])
  })

  test('of parts are those of the whole, and go through JSON', () => {
    fc.assert(
      fc.property(arbitraryEvents, fc.nat({ max: 30 }), (events, at) => {
        const whole = aggregateEvents(events)
        expect(mergeEventAggregates([aggregateEvents(events.slice(0, at)), aggregateEvents(events.slice(at))])).toEqual(
          whole,
        )
        expect(JSON.parse(JSON.stringify(whole))).toEqual(whole)
      }),
    )
  })
})

describe('the category of a code', () => {
  const EXPECTED: { readonly [code: string]: ErrorCategory | undefined } = {
    invalid_field: 'validation',
    upstream_status: 'upstream',
    upstream_body: 'upstream',
    upstream_parameter: 'upstream',
    upstream_timeout: 'upstream',
    upstream_unreachable: 'upstream',
    upstream_spared: 'upstream',
    expression_failed: 'internal',
    internal_error: 'internal',
    session_full: 'internal',
    input_cut: 'internal',
    no_next: 'internal',
    unknown_screen: 'internal',
    reply_too_large: 'internal',
    reply_mismatch: 'internal',
    reply_large: undefined,
  }

  test.each(Object.entries(EXPECTED))('%s', (code, category) => expect(errorCategoryOf(code)).toBe(category))

  test('what a client says is its own, whatever it says', () =>
    expect([errorCategoryOf('client:payload-schema-error'), errorCategoryOf('client:invalid_')]).toEqual([
      'client',
      'client',
    ]))

  test('a code that nobody knows yet has one', () =>
    expect([errorCategoryOf('upstream_odd'), errorCategoryOf('odd')]).toEqual(['upstream', 'internal']))

  test('every code that flows and the endpoint write is one of these', () => {
    const root = join(import.meta.dir, '..')
    const codes = ['flow', 'endpoint', 'privacy'].flatMap((room) =>
      [...new Glob(`${room}/*.ts`).scanSync(root)]
        .filter((file) => !file.endsWith('.test.ts'))
        .flatMap((file) => [...readFileSync(join(root, file), 'utf8').matchAll(/(?:\bcode: |\bfail\()'(\w+)'/g)]),
    )
    expect(new Set(codes.map(([, code]) => code))).toEqual(new Set(Object.keys(EXPECTED)))
  })
})
