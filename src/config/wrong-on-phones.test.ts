// What `check` used to let pass although it goes wrong on a phone: each is a sentence with its place, and the nearest right thing.

import { beforeAll, describe, expect, test } from 'bun:test'
import { configFolder } from '../../test/config-folder.ts'
import { configWith } from '../../test/kit.ts'
import { formatMistake } from './load.ts'

const { load } = configFolder()

const RIGHT = `a:
  start: ASK
  apis: { slots: { url: "https://example.com/{id}/slots" }, bookings: { url: "https://example.com/b", method: POST } }
  lists: { kinds: [{ id: one, title: One }, { id: two, title: Two }] }
  screens:
    ASK:
      data: { hello: Hello }
      fields:
        kind: { type: choice, in: kinds, required: true }
        name: { type: text }
      do: { booked: { api: bookings, with: { kind: input.kind } }, slots: { with: { id: input.kind } } }
      set: { tries: 1 }
      next:
        - { when: api.booked.status = 409, stay: Taken., field: kind }
        - { when: input.kind = 'one', to: ONE }
        - { to: TWO }
    ONE: { complete: { kind: { expr: known.kind } } }
    TWO: { complete: { kind: two } }
`

/** Of each flow the first sentence, with its place as if the flow were alone in its file. All are read at once, which is quicker. */
async function toldOf(flows: readonly string[]): Promise<(string | undefined)[]> {
  const all = flows.map((flow, index) => flow.replace(/^a:/, `f${index}:`))
  const starts = all.map((_, index) => FIRST_LINE + all.slice(0, index).join('').split('\n').length - 1)
  const loaded = await load(configWith(all.join('')))
  return flows.map((_, index) => {
    const start = starts[index] as number
    const end = starts[index + 1] ?? Number.POSITIVE_INFINITY
    const first = (loaded.ok ? loaded.warnings : loaded.mistakes).find(({ line }) => line >= start && line < end)
    return first && formatMistake({ ...first, file: '', line: first.line - start + FIRST_LINE }).slice(1)
  })
}

const FIRST_LINE =
  configWith('a:')
    .split('\n')
    .findIndex((line) => line.trim() === 'a:') + 1

test('what is right is not told', async () => expect(await toldOf([RIGHT])).toEqual([undefined]))

const WRONG: readonly (readonly [name: string, right: string, wrong: string, sentence: string])[] = [
  [
    'an expression for a sentence',
    'stay: Taken.',
    'stay: api.booked.body.message',
    '20:52 this text is shown as it stands: api.booked.body.message; write {{ api.booked.body.message }} or { expr: … }',
  ],
  [
    'an expression for a text',
    'hello: Hello',
    'hello: known.name',
    '13:24 this text is shown as it stands: known.name; write {{ known.name }} or { expr: … }',
  ],
  [
    'a function for a text',
    'hello: Hello',
    'hello: "$count(known.x)"',
    '13:24 this text is shown as it stands: $count(known.x); write {{ $count(known.x) }} or { expr: … }',
  ],
  [
    'texts put together, for a text',
    'hello: Hello',
    `hello: "'Hi ' & known.name"`,
    `13:24 this text is shown as it stands: 'Hi ' & known.name; write {{ 'Hi ' & known.name }} or { expr: … }`,
  ],
  [
    'holes in an expression',
    `when: input.kind = 'one'`,
    `when: "{{ input.kind = 'one' }}"`,
    `21:21 "{{ input.kind = 'one' }}" is not a JSONata expression: Expected ":", got "}" (at character 23); here stands an expression as it is, without {{ }}`,
  ],
  [
    'holes in what goes to an API',
    'with: { kind: input.kind }',
    'with: { kind: "{{ input.kind }}" }',
    '17:54 "{{ input.kind }}" is not a JSONata expression: Expected ":", got "}" (at character 15); here stands an expression as it is, without {{ }}',
  ],
  [
    'holes in a variable',
    'set: { tries: 1 }',
    'set: { tries: "{{ input.kind }}" }',
    '18:23 "{{ input.kind }}" is not a JSONata expression: Expected ":", got "}" (at character 15); here stands an expression as it is, without {{ }}',
  ],
  [
    '{ expr } where an expression stands',
    `when: input.kind = 'one'`,
    `when: { expr: input.kind = 'one' }`,
    '21:21 `when` must be text, found a mapping',
  ],
  [
    '{ expr } in what goes to an API',
    'with: { kind: input.kind }',
    'with: { kind: { expr: input.kind } }',
    `17:62 a text is an expression here already: write it without { expr: … }; what holds several is one expression, such as "{ 'a': input.a }"`,
  ],
  [
    '{ expr } further within',
    'with: { kind: input.kind }',
    'with: { kind: { a: [{ expr: input.kind }] } }',
    `17:68 a text is an expression here already: write it without { expr: … }; what holds several is one expression, such as "{ 'a': input.a }"`,
  ],
  [
    'holes within a list that goes to an API',
    'with: { kind: input.kind }',
    'with: { kind: { a: ["{{ input.kind }}"] } }',
    `17:60 {{ … }} is not worked out within a list or a mapping here; what holds several is one expression, such as "{ 'a': input.a }"`,
  ],
  [
    '{ expr } in a variable',
    'set: { tries: 1 }',
    'set: { tries: { expr: input.kind } }',
    `18:31 a text is an expression here already: write it without { expr: … }; what holds several is one expression, such as "{ 'a': input.a }"`,
  ],
  [
    'a text where an expression stands',
    'with: { kind: input.kind }',
    'with: { kind: booking }',
    `17:54 there is no booking here; there is input, known, sent, at, vars, api, lists, texts, session, token, now, today. A text stands in quotation marks: 'booking'`,
  ],
  [
    'a sentence where an expression stands',
    `when: input.kind = 'one'`,
    'when: the kind is one',
    '21:21 "the kind is one" is not a JSONata expression: Syntax error: "kind" (at character 8)',
  ],
  [
    '{ expr } for a sentence',
    'stay: Taken.',
    'stay: { expr: api.booked.body.message }',
    '20:52 `stay`: expected a text, which may hold expressions as {{ … }}, found a mapping',
  ],
  [
    '{ expr } for a message',
    'name: { type: text }',
    'name: { type: text, message: { expr: known.x } }',
    '16:48 expr is not a rule; the rules are required, type, must, in, length, min, max, pattern, check',
  ],
  [
    '{ source } in data',
    'hello: Hello',
    'hello: { source: slots }',
    '13:34 source means nothing here; a result is written { expr: … }',
  ],
  [
    '{ source } in complete',
    'complete: { kind: two }',
    'complete: { kind: { source: slots } }',
    '24:42 source means nothing here; a result is written { expr: … }',
  ],
  [
    '{ expr } as all params',
    'complete: { kind: two }',
    'complete: { expr: known.kind }',
    '24:32 expr would be a name like others here; a result stands below one, as in NAME: { expr: … }',
  ],
  [
    '{ expr } as all data',
    'data: { hello: Hello }',
    'data: { expr: known.kind }',
    '13:23 expr would be a name like others here; a result stands below one, as in NAME: { expr: … }',
  ],
  [
    '{ source } as all data',
    'data: { hello: Hello }',
    'data: { source: slots }',
    '13:25 source would be a name like others here; a result stands below one, as in NAME: { expr: … }',
  ],
  [
    'expr in expr',
    'hello: Hello',
    'hello: { expr: { expr: known.kind } }',
    '13:32 expected a JSONata expression as text',
  ],
  [
    'else further within',
    'hello: Hello',
    'hello: [{ a: { expr: known.kind, else: x } }]',
    '13:56 else does not belong here; { expr: … } stands alone',
  ],
  [
    'a misspelt expr',
    'hello: Hello',
    'hello: { exrp: known.kind }',
    '13:32 exrp means nothing here; a result is written { expr: … }',
  ],
  [
    'another word for expr',
    'hello: Hello',
    'hello: { expression: known.kind }',
    '13:38 expression means nothing here; a result is written { expr: … }',
  ],
  ['a misspelt key', 'fields:', 'feilds:', '14:9 unknown key `feilds` in `ASK`; did you mean `fields`?'],
  [
    'a misspelt field of a refusal',
    'field: kind',
    'field: kidn',
    '20:67 this screen has no field kidn; did you mean kind?',
  ],
  [
    'a misspelt name of what is known',
    'known.kind',
    'known.kidn',
    '23:40 nothing is ever known.kidn here; did you mean known.kind?',
  ],
  [
    'a misspelt name of what is submitted',
    `input.kind = 'one'`,
    `input.kidn = 'one'`,
    '21:21 nothing is ever input.kidn here; did you mean input.kind?',
  ],
  [
    'a misspelt name of a screen’s',
    'known.kind',
    'at.ASK.kidn',
    '23:40 nothing is ever at.ASK.kidn here; did you mean at.ASK.kind?',
  ],
  ['what this screen is not sent with', 'known.kind', 'sent.x', '23:40 nothing is ever sent.x here; there is nothing'],
  [
    'a misspelt name that is passed on',
    'ONE: {',
    'ONE: { pass: [kidn],',
    '23:21 nothing is ever known.kidn here; did you mean known.kind?',
  ],
  [
    'a misspelt variable that is kept',
    `a:\n`,
    `a:\n  open: { keep: [treis] }\n`,
    '8:20 no `set` makes a variable treis; did you mean tries?',
  ],
  ['a misspelt list', 'in: kinds', 'in: kinsd', '15:37 there is no list "kinsd" under lists; did you mean kinds?'],
  [
    'a misspelt list in an expression',
    'in: kinds',
    'in: { expr: lists.kinsd }',
    '15:45 there is no lists.kinsd here; did you mean lists.kinds?',
  ],
  [
    'a misspelt API',
    'api: bookings',
    'api: boking',
    '17:30 "boking" is not defined under apis; did you mean bookings?',
  ],
  [
    'a misspelt rule',
    'name: { type: text }',
    'name: { type: text, message: { requird: x } }',
    '16:51 requird is not a rule; the rules are required, type, must, in, length, min, max, pattern, check',
  ],
  [
    'a merge in data',
    'data: { hello: Hello }',
    'data: { <<: { hello: Hello } }',
    '13:17 this merges nothing: << is a key like others here; write the keys out, or let an alias (*) stand for the whole mapping',
  ],
  [
    'a merge in what goes to an API',
    'with: { kind: input.kind }',
    'with: { <<: { kind: input.kind } }',
    '17:48 this merges nothing: << is a key like others here; write the keys out, or let an alias (*) stand for the whole mapping',
  ],
  [
    'a merge in params',
    'complete: { kind: two }',
    'complete: { <<: { kind: two } }',
    '24:26 this merges nothing: << is a key like others here; write the keys out, or let an alias (*) stand for the whole mapping',
  ],
  [
    'one brace',
    'hello: Hello',
    'hello: "Hello {name}"',
    '13:24 {name} is shown as it stands; an expression stands in two braces, such as {{ known.name }}',
  ],
  [
    'one brace around a name of ours',
    'stay: Taken.',
    'stay: "Taken, {known.name}."',
    '20:52 {known.name} is shown as it stands; an expression stands in two braces, such as {{ known.name }}',
  ],
  [
    'a parameter of the URL that nothing fills',
    'slots: { with: { id: input.kind } }',
    'slots: {}',
    '17:77 the URL of slots has {id}, and `with` does not give it',
  ],
  [
    'a number that begins with 0',
    'in: kinds',
    'in: [0900, 1000]',
    '15:38 0900 is read as the number 900; write "0900" if the text is meant, else 900',
  ],
  [
    'a number that ends in 0',
    'in: kinds',
    'in: [1.0, 2]',
    '15:38 1.0 is read as the number 1; write "1.0" if the text is meant, else 1',
  ],
  [
    'a hexadecimal number',
    'in: kinds',
    'in: [0x1F]',
    '15:38 0x1F is read as the number 31; write "0x1F" if the text is meant, else 31',
  ],
  [
    'a number that is too large',
    'in: kinds',
    'in: [12345678901234567890]',
    '15:38 12345678901234567890 is read as the number 12345678901234567000; write "12345678901234567890" if the text is meant, else 12345678901234567000',
  ],
  [
    'a number with an exponent',
    'in: kinds',
    'in: [1e3]',
    '15:38 1e3 is read as the number 1000; write "1e3" if the text is meant, else 1000',
  ],
  [
    'a number with a plus',
    'in: kinds',
    'in: [+351]',
    '15:38 +351 is read as the number 351; write "+351" if the text is meant, else 351',
  ],
  ['a boolean as an option', 'in: kinds', 'in: [true, false]', '15:38 `in[0]` must be text or a number, found true'],
  ['nothing as an option', 'in: kinds', 'in: [~, a]', '15:38 `in[0]` must be text or a number, found nothing'],
  ['an id that is a number', 'id: one', 'id: 1', '10:28 id of an option must be a text, found 1; write "1"'],
  ['an id that is a boolean', 'id: one', 'id: true', '10:28 id of an option must be a text, found true; write "true"'],
  [
    'an option without id',
    '{ id: one, title: One }',
    '{ title: One }',
    '10:22 fields are chosen from this list by `in`, and this entry has no id',
  ],
  [
    'an id in data that is a number',
    'hello: Hello',
    'hello: [{ id: 1, title: One }]',
    '13:31 id of an option must be a text, found 1; write "1"',
  ],
  [
    'a title that is a number',
    'hello: Hello',
    'hello: [{ id: a, title: 2026 }]',
    '13:41 title of an option must be a text, found 2026; write "2026"',
  ],
  [
    'an id twice',
    'hello: Hello',
    'hello: [{ id: a, title: x }, { id: a, title: y }]',
    '13:52 id a stands in this list twice, so that nobody can tell the two apart',
  ],
  [
    'a text that is a number',
    'hello: Hello',
    'hello: 0900',
    '13:24 0900 is read as the number 900; write "0900" if the text is meant, else 900',
  ],
  [
    'a trigger that compares',
    `a:\n`,
    `a:\n  trigger: input.kind = 'one'\n`,
    `8:14 input.kind = 'one' is true or false, which marks nothing; expected a text or a number, as in input.kind = 'one' ? 'name'`,
  ],
  [
    'a trigger that asks',
    `a:\n`,
    `a:\n  trigger: $exists(input.kind)\n`,
    `8:14 $exists(input.kind) is true or false, which marks nothing; expected a text or a number, as in $exists(input.kind) ? 'name'`,
  ],
  [
    'a trigger that denies',
    `a:\n`,
    `a:\n  trigger: $not(input.kind)\n`,
    `8:14 $not(input.kind) is true or false, which marks nothing; expected a text or a number, as in $not(input.kind) ? 'name'`,
  ],
  [
    'a trigger with a list that compares',
    `a:\n`,
    `a:\n  trigger: { expr: input.kind = 'one', in: [x] }\n`,
    `8:22 input.kind = 'one' is true or false, which marks nothing; expected a text or a number, as in input.kind = 'one' ? 'name'`,
  ],
  [
    'a trigger of true and false',
    `a:\n`,
    `a:\n  trigger: "input.kind = 'one' ? true : false"\n`,
    `8:14 input.kind = 'one' ? true : false is true or false, which marks nothing; expected a text or a number, as in input.kind = 'one' ? true : false ? 'name'`,
  ],
  [
    'a sequence that compares',
    `a:\n`,
    `a:\n  sequence: input.kind = 'one'\n`,
    `8:15 input.kind = 'one' is true or false, which marks nothing; expected a text or a number, as in input.kind = 'one' ? input.seq`,
  ],
  [
    'more fields than a screen has room for',
    `fields:\n`,
    `fields:\n${Array.from({ length: 120 }, (_, index) => `        f${index}: { type: text }\n`).join('')}`,
    '14:9 screen ASK has 122 fields, and no screen of a Flow JSON more than 50 components',
  ],
  [
    'alternatives as steps of a funnel',
    `a:\n`,
    `a:\n  funnel: [ASK, ONE, TWO]\n`,
    '8:24 no way leads from ONE to TWO or back; alternatives are one step: [ONE, TWO]',
  ],
  [
    'a field called error',
    'name: { type: text }',
    'error: { type: text }',
    '16:11 Meta’s client reports its errors under the name error; from screen ASK such a report will be taken for what people submit. Give the field another name, here and in the Flow JSON',
  ],
  [
    'a branch after one that always applies',
    '- { to: TWO }',
    `- { to: TWO }\n        - { to: ONE }`,
    '23:13 this branch is never taken: the one before has no `when`, so it always is',
  ],
  [
    'a text for true',
    'required: true',
    'required: "true"',
    '15:54 `required`: expected true, false or { expr: … }, found "true"',
  ],
  [
    'a text for a number',
    'name: { type: text }',
    'name: { type: text, min: "3" }',
    '16:36 expected a number for a text field, found "3"',
  ],
  [
    'an empty sentence',
    'stay: Taken.',
    'stay: ""',
    '20:52 `stay`: expected a text, which may hold expressions as {{ … }}, found ""',
  ],
  [
    'two equal signs',
    `when: input.kind = 'one'`,
    `when: input.kind == 'one'`,
    '21:21 "input.kind == \'one\'" is not a JSONata expression: The symbol "=" cannot be used as a unary operator (at character 13); JSONata writes `and`, `or` and `=`',
  ],
  [
    'signs of other languages',
    `when: input.kind = 'one'`,
    `when: input.kind = 'one' && input.name = 'x'`,
    '21:21 "input.kind = \'one\' && input.name = \'x\'" is not a JSONata expression: The symbol "&" cannot be used as a unary operator (at character 21); JSONata writes `and`, `or` and `=`',
  ],
  [
    'a text without quotes',
    `when: input.kind = 'one'`,
    'when: input.kind = one',
    `21:21 there is no one here; there is input, known, sent, at, vars, api, lists, texts, session, token, now, today. A text stands in quotation marks: 'one'`,
  ],
]

const MEANT: readonly (readonly [name: string, right: string, meant: string])[] = [
  ['a price in braces of another kind', 'hello: Hello', 'hello: "{{ $string(5) }} €"'],
  ['an address that looks like a path', 'hello: Hello', 'hello: api.example.com'],
  ['a word that is a name of ours', 'hello: Hello', 'hello: today'],
  ['a number in data', 'hello: Hello', 'hello: 7'],
  ['ids that are no options', 'hello: Hello', 'hello: { id: 7, name: x }'],
  ['a name that only the phone knows', `input.kind = 'one'`, `input.somewhere = 'one'`],
  ['a trigger with a name', 'a:\n', `a:\n  trigger: input.kind = 'one' ? 'kind'\n`],
  ['steps of a funnel that follow each other', 'a:\n', 'a:\n  funnel: [ASK, [ONE, TWO]]\n'],
]

const changed = ([, right, other]: readonly [
  name: string,
  right: string,
  other: string,
  ...rest: string[],
]): string => {
  expect(RIGHT).toContain(right)
  return RIGHT.replace(right, () => other)
}

describe('is told:', () => {
  let told: readonly (string | undefined)[] = []
  beforeAll(async () => {
    const mistakes = await toldOf(WRONG.map(changed))
    const others = WRONG.filter((_, index) => mistakes[index] === undefined)
    const warnings = await toldOf(others.map(changed))
    told = WRONG.map((each, index) => mistakes[index] ?? warnings[others.indexOf(each)])
  })

  test.each(WRONG.map(([name, , , sentence], index) => [name, index, sentence] as const))(
    '%s',
    (_, index, sentence) => {
      expect(told[index]).toBe(sentence)
    },
  )
})

test('what may be meant is not told', async () => {
  const told = await toldOf(MEANT.map(changed))
  expect(MEANT.flatMap(([name], index) => (told[index] === undefined ? [] : [`${name}: ${told[index]}`]))).toEqual([])
})
