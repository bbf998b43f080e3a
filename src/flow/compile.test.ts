import { describe, expect, test } from 'bun:test'
import { flowOf, problemsOf } from '../../test/flow-of.ts'
import { choicesOf } from './definition.ts'

const withField = (field: string) => `{ start: A, screens: { A: { fields: { f: { ${field} } } } } }`
const AT = 'screens.A.fields.f'

describe('a mistake is told with its place', () => {
  test.each<[name: string, yaml: string, ...problems: string[]]>([
    ['nothing wrong', '{ start: A, screens: { A: {} } }'],
    ['unknown start', '{ start: B, screens: { A: {} } }', 'start: screen "B" is not defined; the screens are A'],
    [
      'unknown next',
      '{ start: A, screens: { A: { next: C }, B: {} } }',
      'screens.A.next: screen "C" is not defined; the screens are A, B',
    ],
    [
      'unknown branch',
      '{ start: A, screens: { A: { next: [{ when: "true", to: A }, { to: C }] } } }',
      'screens.A.next.1.to: screen "C" is not defined; the screens are A',
    ],
    [
      'SUCCESS as next',
      '{ start: A, screens: { A: { next: SUCCESS } } }',
      'screens.A.next: SUCCESS is not a screen; write `complete` to end the flow here',
    ],
    [
      'unknown funnel steps',
      '{ start: A, funnel: [A, B, [A, C]], screens: { A: {} } }',
      'funnel.1: screen "B" is not defined; the screens are A',
      'funnel.2.1: screen "C" is not defined; the screens are A',
    ],
    [
      'both next and complete',
      '{ start: A, screens: { A: { next: A, complete: {} } } }',
      'screens.A.complete: screen A has both next and complete; it can only do one of them',
    ],
    [
      'unknown source',
      '{ start: A, screens: { A: { data: { x: { source: s } } } } }',
      'screens.A.data.x.source: source "s" is not defined under sources',
    ],
    [
      'source with more than belongs there',
      '{ start: A, screens: { A: { data: { x: { source: s, cache: 5s } } } }, sources: { s: { url: "http://h", fallback: 0 } } }',
      'screens.A.data.x.cache: cache does not belong here; expected only source and with',
    ],
    [
      'source that is no name',
      '{ start: A, screens: { A: { data: { x: { source: 5 } } } } }',
      'screens.A.data.x.source: expected the name of a source',
    ],
    [
      'parameters that are a list',
      '{ start: A, screens: { A: { data: { x: { source: s, with: [a] } } } }, sources: { s: { url: "http://h", fallback: 0 } } }',
      'screens.A.data.x.with: expected parameters by name, such as { day: input.day }',
    ],
    [
      'a parameter that is no expression',
      '{ start: A, screens: { A: { data: { x: { source: s, with: { n: 5 } } } } }, sources: { s: { url: "http://h", fallback: 0 } } }',
      'screens.A.data.x.with.n: expected a JSONata expression, found 5',
    ],
    [
      'expr that is none',
      '{ start: A, screens: { A: { data: { x: { expr: 5 } } } } }',
      'screens.A.data.x.expr: expected a JSONata expression',
    ],
    [
      'a bad pattern',
      withField('type: text, pattern: "(a"'),
      `${AT}.pattern: "(a" is not an RE2 pattern: error parsing regexp: missing closing ): \`(a\``,
    ],
    [
      'a look-ahead',
      withField('type: text, pattern: "(?=a)"'),
      `${AT}.pattern: "(?=a)" is not an RE2 pattern: error parsing regexp: invalid or unsupported Perl syntax: \`(?=\``,
    ],
    [
      'a pattern on what is no text',
      withField('type: boolean, pattern: x'),
      `${AT}.pattern: a boolean field has no pattern`,
    ],
    [
      'a message for a rule that is none',
      withField('type: text, message: { requird: x }'),
      `${AT}.message.requird: requird is not a rule; the rules are required, type, in, length, min, max, pattern, check`,
    ],
    [
      'in on a date',
      withField('type: date, in: [a]'),
      `${AT}.in: a date has no list of allowed values; use \`in\` with choice, choices, text or number`,
    ],
    [
      'min above max',
      withField('type: number, min: 5, max: 4'),
      `${AT}.min: min 5 is above max 4, so no value would be accepted`,
    ],
    [
      'first day after the last',
      withField('type: date, min: 2026-12-31, max: 2026-01-01'),
      `${AT}.min: min 2026-12-31 is above max 2026-01-01, so no value would be accepted`,
    ],
    [
      'today after today',
      withField('type: date, min: today+3d, max: today+2d'),
      `${AT}.min: min today+3d is above max today+2d, so no value would be accepted`,
    ],
    ['days that cannot be compared yet', withField('type: date, min: 2026-12-31, max: today+2d')],
    [
      'length upside down',
      withField('type: text, length: { min: 5, max: 4 }'),
      `${AT}.length: min 5 is above max 4, so no value would be accepted`,
    ],
    ['length of a date', withField('type: date, length: 4'), `${AT}.length: a date field has no length`],
    [
      'a word as a day',
      withField('type: date, min: tomorrow'),
      `${AT}.min: "tomorrow" is not a day; expected 2026-12-31, today, today+30d or today-1d`,
    ],
    [
      'a day that no month has',
      withField('type: date, max: 2026-02-31'),
      `${AT}.max: "2026-02-31" is not a day; expected 2026-12-31, today, today+30d or today-1d`,
    ],
    [
      'a number as a day',
      withField('type: date_range, min: 5'),
      `${AT}.min: 5 is not a day; expected 2026-12-31, today, today+30d or today-1d`,
    ],
    [
      'a day as a number',
      withField('type: number, min: today'),
      `${AT}.min: expected a number for a number field, found "today"`,
    ],
    ['a bound where there is none', withField('type: boolean, max: 5'), `${AT}.max: a boolean field has no max`],
  ])('%s', (_name, yaml, ...problems) => expect(problemsOf(yaml)).toEqual(problems))

  test.each([
    ['{ start: A, screens: { A: { data: { x: { expr: "1 +" } } } } }', 'screens.A.data.x.expr', '1 +'],
    ['{ start: A, screens: { A: { complete: { x: "(" } } } }', 'screens.A.complete.x', '('],
    ['{ start: A, screens: { A: { next: [{ when: ")", to: A }] } } }', 'screens.A.next.0.when', ')'],
    ['{ start: A, trigger: "a b", screens: { A: {} } }', 'trigger', 'a b'],
    ['{ start: A, trigger: { expr: "a b", in: [x] }, screens: { A: {} } }', 'trigger.expr', 'a b'],
    ['{ start: A, sequence: "[", screens: { A: {} } }', 'sequence', '['],
    ['{ start: A, tokens: { accept: "=" }, screens: { A: {} } }', 'tokens.accept', '='],
    [withField('type: text, check: "{"'), `${AT}.check`, '{'],
    [withField('type: text, check: [{ that: "1" }, { that: "{" }]'), `${AT}.check.1.that`, '{'],
    [
      '{ start: A, screens: { A: {} }, sources: { s: { url: "http://h", map: "*.", fallback: 0 } } }',
      'sources.s.map',
      '*.',
    ],
  ])('%s has an expression that is none', (yaml, path, text) => {
    expect(problemsOf(yaml)).toEqual([expect.stringMatching(/^\S+: ".+" is not a JSONata expression: .+/)])
    expect(problemsOf(yaml)[0]).toStartWith(`${path}: ${JSON.stringify(text)} is`)
  })

  test('all mistakes are told, not only the first', () => {
    expect(problemsOf('{ start: X, screens: { A: { next: Y, data: { a: { expr: "(" } } } } }')).toHaveLength(3)
  })
})

describe('the version', () => {
  const base = '{ start: A, screens: { A: { next: B }, B: { fields: { f: { type: text } } } } }'
  const versionOf = (yaml: string) => flowOf(yaml).version

  test('is the same for the same definition, however it is written', () => {
    expect(versionOf(base)).toMatch(/^[0-9a-f]{8}$/)
    expect(versionOf('start: A\nscreens:\n  A:\n    next: B\n  B: { fields: { f: { type: "text" } } }')).toBe(
      versionOf(base),
    )
  })

  test.each([
    ['another start', base.replace('start: A', 'start: B')],
    ['another rule', base.replace('type: text', 'type: text, required: true')],
    [
      'the screens in another order, and with them the funnel',
      '{ start: A, screens: { B: { fields: { f: { type: text } } }, A: { next: B } } }',
    ],
  ])('changes with %s', (_name, yaml) => expect(versionOf(yaml)).not.toBe(versionOf(base)))
})

test('the funnel is the screens in their order, unless it is written', () => {
  expect(flowOf('{ start: A, screens: { B: {}, A: {} } }').funnel).toEqual([['B'], ['A']])
  expect(flowOf('{ start: A, funnel: [A, [B, C]], screens: { C: {}, B: {}, A: {} } }').funnel).toEqual([
    ['A'],
    ['B', 'C'],
  ])
})

test('the closed choices of a flow are its choice, choices and boolean fields', () => {
  const fields = 'a: { type: choice }, b: { type: text }, c: { type: boolean }, d: { type: choices }, e: { type: date }'
  expect(choicesOf(flowOf(`{ start: A, screens: { A: { fields: { ${fields} } }, B: {} } }`))).toEqual({
    A: ['a', 'c', 'd'],
    B: [],
  })
})
