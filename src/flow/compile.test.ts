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
      'an unknown API',
      '{ start: A, screens: { A: { ask: { slot: {} } } }, apis: { slots: { url: "http://h" } } }',
      'screens.A.ask.slot: "slot" is not defined under apis; did you mean slots?',
    ],
    [
      'an unknown API of a call with a name of its own',
      '{ start: A, screens: { A: { do: { book: { api: bookings } } } } }',
      'screens.A.do.book.api: "bookings" is not defined under apis',
    ],
    [
      'a parameter of the path that is not given',
      '{ start: A, screens: { A: { ask: { s: { with: { day: input.day } } } } }, apis: { s: { url: "http://h/{shop}" } } }',
      'screens.A.ask.s: the URL of s has {shop}, and `with` does not give it',
    ],
    [
      'an expression with more beside it',
      '{ start: A, screens: { A: { data: { x: { y: { expr: input.a, wiht: 5 } } } } } }',
      'screens.A.data.x.y.wiht: wiht does not belong here; { expr: … } stands alone',
    ],
    [
      'a branch of the opening that stays',
      '{ start: A, open: { next: [{ stay: No }] }, screens: { A: {} } }',
      'open.next.0: when the flow is opened there is no screen to stay on and nothing to complete; expected `to` or `close`',
    ],
    [
      'a message where nobody is led elsewhere',
      '{ start: A, screens: { A: { next: [{ stay: No, message: x }] } } }',
      'screens.A.next.0.message: `message` is told on the screen that `to` leads to; here the sentence stands in the branch itself',
    ],
    [
      'a field that nothing refuses',
      '{ start: A, screens: { A: { next: [{ to: A, field: f }] } } }',
      'screens.A.next.0.field: `field` names what `stay` refuses; this branch has no `stay`',
    ],
    [
      'a list that is not there',
      `{ start: A, lists: { services: [a] }, screens: { A: { fields: { f: { type: choice, in: service } } } } }`,
      `${AT}.in: there is no list "service" under lists; did you mean services?`,
    ],
    [
      'a value that is both passed on and written',
      '{ start: A, screens: { A: { pass: [x], data: { x: 1 } } } }',
      'screens.A.pass.0: x is passed on and written under data, too; keep one of them',
    ],
    [
      'expr that is none',
      '{ start: A, screens: { A: { data: { x: { expr: 5 } } } } }',
      'screens.A.data.x.expr: expected a JSONata expression as text',
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
      `${AT}.message.requird: requird is not a rule; the rules are required, type, must, in, length, min, max, pattern, check`,
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
    [
      'a negative length',
      withField('type: text, min: -1, max: -80'),
      `${AT}.min: min of a text field counts characters; expected a whole number from 0 up, found -1`,
      `${AT}.max: max of a text field counts characters; expected a whole number from 0 up, found -80`,
    ],
    [
      'a length of halves',
      withField('type: choices, max: 2.5'),
      `${AT}.max: max of a choices field counts entries; expected a whole number from 0 up, found 2.5`,
    ],
    ['a negative bound of a number', withField('type: number, min: -2.5, max: -1')],
    [
      'no room for a character',
      withField('type: text, max: 0'),
      `${AT}.max: max 0 is below 1, the fewest characters that type text takes, so no value would be accepted; expected 1 or more`,
    ],
    [
      'too few characters for the type',
      withField('type: phone, length: 3'),
      `${AT}.length: length 3 is below 4, the fewest characters that type phone takes, so no value would be accepted; expected 4 or more`,
    ],
    [
      'more characters than the type has',
      withField('type: email, length: { min: 255 }'),
      `${AT}.length: min 255 is above 254, the most characters that type email takes, so no value would be accepted; expected 254 or less`,
    ],
    [
      'longer than any text',
      withField('type: text, min: 5000'),
      `${AT}.min: min 5000 is above 4096, the most characters that type text takes, so no value would be accepted; expected 4096 or less`,
    ],
    [
      'min above what length allows',
      withField('type: text, min: 3, length: { max: 2 }'),
      `${AT}.min: min 3 is above max 2, so no value would be accepted`,
    ],
    [
      'more to choose than there is',
      withField('type: choices, in: [a, b, b], min: 3'),
      `${AT}.in: \`in\` has 2 values, and 3 must be chosen, so no value would be accepted`,
    ],
    [
      'options that are all too short',
      withField('type: choice, in: [a, bc], length: { min: 3 }'),
      `${AT}.in: no value of \`in\` is a choice within the bounds of the field, so no value would be accepted`,
    ],
    [
      'options that are all too small',
      withField('type: number, in: [1, 2], min: 3'),
      `${AT}.in: no value of \`in\` is a number within the bounds of the field, so no value would be accepted`,
    ],
    ['one option within the bounds', withField('type: number, in: [1, 2, 3], min: 3')],
    [
      'a day that is too far away',
      withField('type: date, max: today+9999999999d'),
      `${AT}.max: today+9999999999d is too far away; expected five digits at most`,
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
    ['{ start: A, screens: { A: { complete: { x: { expr: "(" } } } } }', 'screens.A.complete.x.expr', '('],
    ['{ start: A, screens: { A: { next: [{ when: ")", to: A }] } } }', 'screens.A.next.0.when', ')'],
    ['{ start: A, trigger: "a b", screens: { A: {} } }', 'trigger', 'a b'],
    ['{ start: A, trigger: { expr: "a b", in: [x] }, screens: { A: {} } }', 'trigger.expr', 'a b'],
    ['{ start: A, sequence: "[", screens: { A: {} } }', 'sequence', '['],
    ['{ start: A, tokens: { accept: "=" }, screens: { A: {} } }', 'tokens.accept', '='],
    [withField('type: text, check: "{"'), `${AT}.check`, '{'],
    [withField('type: text, check: [{ that: "1" }, { that: "{" }]'), `${AT}.check.1.that`, '{'],
    ['{ start: A, texts: { t: "{{ *. }}" }, screens: { A: {} } }', 'texts.t', '*.'],
    ['{ start: A, screens: { A: { next: [{ stay: "a {{ ( }} b" }] } } }', 'screens.A.next.0.stay', '('],
    ['{ start: A, screens: { A: { set: { x: "(" } } } }', 'screens.A.set.x', '('],
    ['{ start: A, screens: { A: { on: { x: { when: "(" } } } } }', 'screens.A.on.x.when', '('],
  ])('%s has an expression that is none', (yaml, path, text) => {
    expect(problemsOf(yaml)).toEqual([expect.stringMatching(/^\S+: ".+" is not a JSONata expression: .+/)])
    expect(problemsOf(yaml)[0]).toStartWith(`${path}: ${JSON.stringify(text)} is`)
  })

  test('all mistakes are told, not only the first', () => {
    expect(problemsOf('{ start: X, screens: { A: { next: Y, data: { a: { expr: "(" } } } } }')).toHaveLength(3)
  })
})

describe('a name that cannot exist is told, with the nearest one', () => {
  const inNext = (when: string) => `{ start: A, screens: { A: { next: [{ when: ${JSON.stringify(when)}, to: A }] } } }`
  const apis = 'apis: { slots: { url: "http://h" }, book: { url: "http://h" } }'

  test.each<[expression: string, sentence: string | undefined]>([
    ["input.a = 'x' and known.b and $exists(sent.c)", undefined],
    ["inputs.a = 'x'", 'there is no inputs here; did you mean input?'],
    ['session.inputs.a', 'there is no session.inputs; `known` has what the session said'],
    ['session.startdAt > 0', 'there is no session.startdAt here; did you mean session.startedAt?'],
    ['at.NOWHERE.x', 'there is no at.NOWHERE here; there is at.A'],
    ['vars.cart', 'there is no vars.cart here; no `set` makes a variable'],
    ['api.slots.ok', 'there is no api.slots here; no API is asked on this way'],
    ['lists.a', 'there is no lists.a here; there is nothing under `lists`'],
    [
      'input.mode = delivery',
      "there is no delivery here; there is input, known, sent, at, vars, api, lists, texts, session, token, now, today. A text stands in quotation marks: 'delivery'",
    ],
    ["$known.a = 'x' and $vars.cart", 'there is no vars.cart here; no `set` makes a variable'],
    ["input.list[id = 'x' and known].title", undefined],
    ["input.list.{ 'id': id, 'n': $at.A.x }", undefined],
    ['$map(input.list, function($v) { $v.id })', undefined],
    ['($n := input.n; $n + 1)', undefined],
    ['input.list^(>price)[0]', undefined],
    ['$$.inputs.x', 'there is no inputs here; did you mean input?'],
  ])('%s', (expression, sentence) => {
    expect(problemsOf(inNext(expression))).toEqual(sentence === undefined ? [] : [`screens.A.next.0.when: ${sentence}`])
  })

  test('an API is there where it is asked: in what decides after it, and on the screen that is sent', () => {
    const good = `{ start: A, ${apis}, screens: {
      A: { ask: { slots: {} }, data: { x: { expr: api.slots.body } }, do: { book: { with: { a: "api.book.ok" } } }, next: [{ when: api.book.ok, to: B }, { to: A }] },
      B: { data: { y: "{{ api.book.body }}" } } } }`
    expect(problemsOf(good)).toEqual([])
    const bad = `{ start: A, ${apis}, screens: { A: { ask: { slots: {} }, do: { book: {} }, next: [{ when: api.slots.ok, to: A }] } } }`
    expect(problemsOf(bad)).toEqual(['screens.A.next.0.when: there is no api.slots here; there is api.book'])
  })

  test('a field’s check sees its value', () => {
    expect(problemsOf(withField('type: text, check: "value != field"'))).toEqual([])
    expect(problemsOf(inNext('value = 1'))).toHaveLength(1)
  })
})

test.each([
  ['$papend(input.a, [])', 'there is no $papend; did you mean $append?'],
  ['$knwon.a', 'there is no $knwon; did you mean $known?'],
  ['($total := 1; $totla)', 'there is no $totla; did you mean $total?'],
  ['$excel(input.a)', 'there is no function $excel; https://docs.jsonata.org lists those that there are'],
  ['$append([])', '$append takes 2 values, found 1'],
  ['$append([], [], [])', '$append takes 2 values, found 3'],
  ['$exists()', '$exists takes 1 value, found 0'],
  ['$substring(input.a, 1, 2, 3)', '$substring takes 3 values at most, found 4'],
  ['$substring(1, 2)', undefined],
  ['input.list ~> $append([1])', undefined],
  ['input.list ~> $append([1], [2])', '$append takes 2 values, found 3'],
  ['$append(?, [1])', undefined],
  ['$zip([1], [2], [3])', undefined],
  ['$none', undefined],
  ['$map([1], function($item, $at) { $item + $at })', undefined],
  ['[1, 2]@$each#$at.{ "a": $each + $at }', undefined],
  ['input.list ~> $sum', undefined],
])('functions and variables: %s', (expr, sentence) => {
  const problems = problemsOf(`start: A\nscreens: { A: { data: { x: { expr: '${expr}' } } } }`)
  expect(problems).toEqual(sentence === undefined ? [] : [`screens.A.data.x.expr: ${sentence}`])
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

  test('is the same whatever an API is said to answer', () => {
    const api = (example: string) => base.replace(/ }$/, `, apis: { a: { url: "https://example.com"${example} } } }`)
    expect(versionOf(api(', example: { id: 1 }'))).toBe(versionOf(api('')))
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
