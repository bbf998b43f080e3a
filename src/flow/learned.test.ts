// What is learned of a flow does not depend on who learns what, or in which order.

import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { draftLearned, type Learned, learn, NOTHING_LEARNED, type Seen, together, typeOfValue } from './learned.ts'

const screens = fc.constantFrom('A', 'B', 'C', 'D', '')
const seen: fc.Arbitrary<Seen> = fc.record({
  isOpening: fc.boolean(),
  screen: screens,
  next: fc.oneof(screens, fc.constant('SUCCESS')),
  fields: fc.array(fc.record({ name: fc.constantFrom('f', 'g'), type: fc.constantFrom('text', 'choice', undefined) }), {
    maxLength: 2,
  }),
})
const all = (from: readonly Seen[]) => from.reduce(learn, NOTHING_LEARNED)

/** Without the order in which it was seen. */
const contentsOf = ({ screens }: Learned) =>
  Object.fromEntries(
    screens.map(({ id, next, fields }) => [
      id,
      {
        next: next.toSorted(),
        fields: fields.map(({ name, types }) => [name, types.toSorted()]).toSorted(),
      },
    ]),
  )

test('two processes learn together what one would have learned alone, whoever is first', () => {
  fc.assert(
    fc.property(fc.array(seen), fc.array(seen), (ours, theirs) => {
      const alone = contentsOf(all([...ours, ...theirs]))
      expect(contentsOf(together(all(ours), all(theirs)))).toEqual(alone)
      expect(contentsOf(together(all(theirs), all(ours)))).toEqual(alone)
    }),
  )
})

test('what is known already changes nothing, not even the object', () => {
  fc.assert(
    fc.property(fc.array(seen), (steps) => {
      const learned = all(steps)
      expect(steps.reduce(learn, learned)).toBe(learned)
      expect(together(learned, learned)).toBe(learned)
    }),
  )
})

test('strangers cannot fill it', () => {
  const many = Array.from({ length: 1_500 }, (_, index) => index)
  const learned = all([
    ...many.map((index) => ({ isOpening: false, screen: '', next: `S_${'x'.repeat(index)}`, fields: [] })),
    ...['S_', 'S_x'].map((screen) => ({
      isOpening: false,
      screen,
      next: '',
      fields: many.slice(0, 700).map((index) => ({ name: `f${index}`, type: undefined })),
    })),
  ])
  expect(learned.screens.length).toBe(100)
  expect(learned.screens.reduce((sum, { fields }) => sum + fields.length, 0)).toBe(1_000)
})

describe('the type of a value', () => {
  const wasSent = (option: string) => option === 'fix' || option === 'new'
  test.each([
    ['', undefined],
    [[], undefined],
    [null, undefined],
    [true, 'boolean'],
    [12, 'number'],
    ['12', 'text'],
    ['fix', 'choice'],
    ['else', 'text'],
    [['fix', 'new'], 'choices'],
    [['fix', 'else'], 'text'],
    ['2026-03-02', 'date'],
    [{ 'start-date': '2026-03-02', 'end-date': '2026-03-04' }, 'date_range'],
    [[{ file_name: 'a.jpg' }], 'files'],
    [{ any: 1 }, 'text'],
  ] as const)('%j is %s', (value, type) => {
    expect(typeOfValue(value as never, wasSent)).toBe(type)
  })
})

test('as config: fields of several types are text, unless they are a choice; alternatives are one step of the funnel; a way back, and who is turned away, is none', () => {
  const step = (screen: string, next: string, fields: Seen['fields'] = []) => ({
    isOpening: false,
    screen,
    next,
    fields,
  })
  const learned = all([
    { isOpening: true, screen: '', next: 'START', fields: [] },
    step('START', 'FAST', [
      { name: 'how', type: 'choice' },
      { name: 'what', type: 'date' },
    ]),
    step('START', 'SLOW', [
      { name: 'how', type: 'text' },
      { name: 'what', type: 'text' },
    ]),
    step('FAST', 'END', [{ name: 'when', type: 'date' }]),
    step('SLOW', 'END', [{ name: 'note', type: undefined }]),
    step('SLOW', 'START'),
    step('END', 'SUCCESS'),
    { isOpening: true, screen: '', next: 'SORRY', fields: [] },
    step('MOVED', 'END'),
  ])
  expect(draftLearned(learned)).toEqual({
    start: 'START',
    screens: {
      START: { fields: { how: { type: 'choice' }, what: { type: 'text' } } },
      FAST: { fields: { when: { type: 'date' } } },
      SLOW: { fields: { note: { type: 'text' } } },
      END: {},
      SORRY: {},
      MOVED: {},
    },
    funnel: ['START', ['FAST', 'SLOW'], 'END', 'MOVED'],
  })
})
