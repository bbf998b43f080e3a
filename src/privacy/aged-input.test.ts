import { describe, expect, test } from 'bun:test'
import { flowOf } from '../../test/flow-of.ts'
import type { Json, JsonObject } from '../lib/json.ts'
import { DAY_MS } from '../lib/units.ts'
import { agingOf } from './aged-input.ts'
import { applyPolicy } from './field-policy.ts'

const KEY = 'a key that lives elsewhere'
const NOW = Date.UTC(2026, 2, 2)

const aging = (fields: string, hashAfterDays?: number) => {
  const flow = flowOf(
    `{ start: A, screens: { A: { fields: { ${fields} }, data: { slots: [{ id: morning, title: Early }] } } } }`,
  )
  return agingOf({
    flows: new Map([['test', flow]]),
    hashAfterMs: hashAfterDays === undefined ? undefined : hashAfterDays * DAY_MS,
    key: KEY,
  })
}
const eventAt = (ageDays: number, input: JsonObject) => ({
  flow: 'test',
  screen: 'A',
  at: NOW - ageDays * DAY_MS,
  input,
})

/** The value in the field `f` at this age. */
function valueAt(field: string, value: Json, ageDays: number, hashAfterDays?: number): Json | undefined {
  const event = eventAt(ageDays, { f: value })
  return (aging(`f: { ${field} }`, hashAfterDays).agedInput(event, NOW) ?? event.input).f
}

describe('a value that comes of age', () => {
  test.each<[field: string, value: Json, isHashed: boolean]>([
    ['type: text, keep: keep', 'Ana Silva', true],
    ['type: text', 'Ana Silva', true],
    ['type: phone, keep: keep', '+351 912 345 678', true],
    ['type: email, keep: keep', 'ana@example.com', true],
    ['type: files, keep: keep', [{ media_id: 'm', file_name: 'ana.jpg' }], true],
    // What the type alone keeps is not personal …
    ['type: number', 42, false],
    ['type: date', '2026-03-02', false],
    ['type: date_range', { 'start-date': '2026-03-02', 'end-date': '2026-03-05' }, false],
    ['type: choice', 'slot-17', false],
    ['type: choice, in: [a, b]', 'a', false],
    ['type: choices, in: [a, b]', ['a', 'b'], false],
    ['type: boolean, keep: keep', true, false],
    // … what its author keeps may be, unless the config lists it.
    ['type: number, keep: keep', 4111111111111111, true],
    ['type: number, keep: keep', 42, false],
    ['type: date, keep: keep', '9123-11-12', true],
    ['type: choice, keep: keep', 'Ana Silva', true],
    ['type: choice, keep: keep', 'morning', false],
    ['type: choice, keep: keep, in: ["+351912345678"]', '+351912345678', false],
    ['type: choices, keep: keep', ['morning', 'Ana'], true],
    // With a time of its own, the author says that it is.
    ['type: date, hash_after: 7d', '1968-11-12', true],
    ['type: number, hash_after: 7d', 42, true],
    ['type: choice, hash_after: 7d', 'slot-17', true],
    ['type: choice, hash_after: 7d', 'morning', false],
    ['type: boolean, hash_after: 7d', true, false],
    // What is withheld or missing stays as it is.
    ['type: text', { $length: 9 }, false],
    ['type: text', { $mask: '••••0123' }, false],
    ['type: text, keep: keep', '', false],
    ['type: choices, keep: keep', [], false],
  ])('%s: %j, hashed %p', (field, value, isHashed) => {
    expect(valueAt(field, value, 6.9, 7)).toEqual(value)
    const aged = valueAt(field, value, 7, 7)
    if (!isHashed) expect(aged).toEqual(value)
    else expect(aged).toEqual(hashedAtOnce(value))
  })

  test('is what keep: hash would have made of it, and stays that', () => {
    const first = valueAt('type: text, keep: keep', ' Ana@Example.com ', 7, 7) as Json
    expect(first).toEqual(hashedAtOnce('ana@example.com'))
    expect(valueAt('type: text, keep: keep', first, 90, 7)).toEqual(first)
  })

  test('goes by the time of its field, else by that of the config', () => {
    const field = 'type: text, keep: keep, hash_after: 30d'
    expect(valueAt(field, 'Ana', 8, 7)).toBe('Ana')
    expect(valueAt(field, 'Ana', 30, 7)).toEqual(hashedAtOnce('Ana'))
    expect(valueAt(field, 'Ana', 30)).toEqual(hashedAtOnce('Ana'))
    expect(valueAt('type: text, keep: keep', 'Ana', 9_999)).toBe('Ana')
    expect(aging('a: { type: text, hash_after: 30d }, b: { type: text, hash_after: 1d }', 7).ages).toEqual(
      [1, 7, 30].map((days) => days * DAY_MS),
    )
  })

  test('of a field that the config no longer has is a text', () => {
    const { agedInput } = aging('f: { type: text }', 7)
    const input = { gone: 'Ana', count: 912345678, agreed: true, $undeclared: { $length: 3, $count: 1 } }
    const hashed = { ...input, gone: hashedAtOnce('Ana'), count: hashedAtOnce(912345678) }
    expect(agedInput(eventAt(7, input), NOW)).toEqual(hashed)
    expect(agedInput({ ...eventAt(7, input), flow: 'removed' }, NOW)).toEqual(hashed)
    expect(agedInput(eventAt(6, input), NOW)).toBeUndefined()
  })

  test('of a name that several screens declare goes by the strictest', () => {
    const flow = flowOf(`
      start: A
      screens:
        A: { fields: { note: { type: text, keep: keep, hash_after: 30d } }, next: B }
        B: { fields: { note: { type: text, keep: keep, hash_after: 3d } }, next: C }
        C: {}
    `)
    const { agedInput } = agingOf({ flows: new Map([['test', flow]]), key: KEY })
    const at = (screen: string) => agedInput({ ...eventAt(5, { note: 'Ana' }), screen }, NOW)
    expect(at('A')).toBeUndefined()
    expect(at('B')).toEqual({ note: hashedAtOnce('Ana') })
    expect(at('C')).toEqual({ note: hashedAtOnce('Ana') })
  })

  test('tells of a choice that sessions may still have', () => {
    const fields = 'c: { type: choice, keep: keep }, t: { type: text }, h: { type: choice, keep: hash }'
    const has = (input: JsonObject) => aging(fields, 7).hasAgedChoice(eventAt(7, input))
    const $hash = 'h:0123456789012345678901'
    expect([has({ c: { $hash } }), has({ c: 'Ana' }), has({ t: { $hash } }), has({ h: { $hash } })]).toEqual([
      true,
      false,
      false,
      false,
    ])
  })
})

describe('the fingerprint of the rules', () => {
  const base = aging('f: { type: choice, keep: keep }', 7).fingerprint

  test('is the same for the same rules', () => {
    expect(aging('f: { type: choice, keep: keep, message: Choose one }', 7).fingerprint).toBe(base)
  })

  test.each([
    ['f: { type: choice, keep: keep }', 8],
    ['f: { type: choice, keep: keep }', undefined],
    ['f: { type: choice }', 7],
    ['f: { type: text, keep: keep }', 7],
    ['f: { type: choice, keep: keep, in: [a] }', 7],
    ['f: { type: choice, keep: keep, hash_after: 7d }', 7],
    ['g: { type: choice, keep: keep }', 7],
  ])('%s after %p days is another', (fields, days) => expect(aging(fields, days).fingerprint).not.toBe(base))
})

function hashedAtOnce(value: Json): Json {
  const flow = flowOf('{ start: A, screens: { A: { fields: { f: { type: text, keep: hash } } } } }')
  const rules = { key: KEY, defaultText: 'length', wasSent: () => false } as const
  return applyPolicy({ f: value }, flow, 'A', rules).f as Json
}
