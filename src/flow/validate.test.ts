import { describe, expect, test } from 'bun:test'
import { converse } from '../../test/conversation.ts'
import { flowOf } from '../../test/flow-of.ts'
import type { Json, JsonObject } from '../lib/json.ts'

/** Submits a screen with these fields, after another on which `choice: b` was said. Today is 2026-03-02. */
async function submit(fields: string, input: JsonObject) {
  const person = converse(
    flowOf(`
      start: FIRST
      screens:
        FIRST: { next: FORM }
        FORM: { data: { title: "after {{ known.choice }}" }, fields: { ${fields} }, next: DONE }
        DONE: {}
    `),
  )
  await person.submit('FIRST', { choice: 'b' })
  return person.submit('FORM', input)
}

type Case = readonly [field: string, value: Json | undefined, broken: [rule: string, message: string] | undefined]

const accepted = undefined
const cases = (field: string, rows: readonly (readonly [Json | undefined, Case[2]])[]): Case[] =>
  rows.map(([value, broken]) => [field, value, broken])

describe('one field', () => {
  const required: Case[2] = ['required', 'Please fill in f.']
  const phone: Case[2] = ['type', 'Please enter f as a phone number, such as +351 912 345 678.']
  const email: Case[2] = ['type', 'Please enter f as an e-mail address.']
  const number: Case[2] = ['type', 'Please enter f as a number.']
  const day: Case[2] = ['type', 'Please pick a day for f.']
  const range: Case[2] = ['type', 'Please pick a first and a last day for f.']
  const option: Case[2] = ['in', 'Please choose one of the options for f.']
  const from = (first: string, last: string) => ({ 'start-date': first, 'end-date': last })

  test.each<Case>([
    ...cases('type: text, required: true', [
      [undefined, required],
      [null, required],
      ['', required],
      ['x', accepted],
      [0, ['type', 'Please enter f as text.']],
      [{}, ['type', 'Please enter f as text.']],
      ['x'.repeat(4_096), accepted],
      ['x'.repeat(4_097), ['length', 'f can have at most 4096 characters.']],
    ]),
    ...cases('type: text', [
      [undefined, accepted],
      ['', accepted],
    ]),
    ...cases('type: text, min: 2, max: 3', [
      ['a', ['length', 'f needs at least 2 characters.']],
      ['👋👋', accepted],
      ['abcd', ['length', 'f can have at most 3 characters.']],
    ]),
    ...cases('type: text, length: 3', [
      ['ab', ['length', 'f needs at least 3 characters.']],
      ['abc', accepted],
      ['abcd', ['length', 'f can have at most 3 characters.']],
    ]),
    ...cases('type: text, length: { max: 5000 }', [
      ['x'.repeat(4_097), ['length', 'f can have at most 4096 characters.']],
    ]),
    ...cases('type: text, in: [red, green]', [
      ['red', accepted],
      ['blue', option],
    ]),
    ...cases('type: text, pattern: "[a-z]+\\\\d"', [
      ['abc1', accepted],
      ['abc12', ['pattern', 'Please check f: it does not have the expected form.']],
      ['-abc1', ['pattern', 'Please check f: it does not have the expected form.']],
    ]),
    ...cases('type: phone', [
      ['+351 912 345 678', accepted],
      ['912345678', accepted],
      ['(11) 98765-4321', accepted],
      ['+1 (555) 010-9999', accepted],
      ['12', phone],
      ['(((())))', phone],
      ['+351 912 345 678 or later', phone],
      ['1'.repeat(40), phone],
      [912345678, phone],
    ]),
    ...cases('type: email', [
      ['ana@example.com', accepted],
      ['ana.b+c@sub.example.pt', accepted],
      ['ana', email],
      ['ana@example', email],
      ['a b@example.com', email],
      ['a@b@example.com', email],
      [`${'a'.repeat(250)}@x.pt`, email],
    ]),
    ...cases('type: number, min: 0, max: 10', [
      [5, accepted],
      ['5', accepted],
      [' 5.5 ', accepted],
      ['0', accepted],
      [10, accepted],
      [-1, ['min', 'f must be 0 or more.']],
      ['10.01', ['max', 'f must be 10 or less.']],
      ['five', number],
      ['1e3', number],
      ['0x10', number],
      [true, number],
    ]),
    ...cases('type: number, required: true', [
      [0, accepted],
      ['9'.repeat(400), number],
    ]),
    ...cases('type: number, in: [1, 2]', [
      ['2', accepted],
      [3, option],
    ]),
    ...cases('type: boolean, required: true', [
      [false, accepted],
      [true, accepted],
      ['true', ['type', 'Please answer f with yes or no.']],
    ]),
    ...cases('type: date, min: today, max: today+30d', [
      ['2026-03-02', accepted],
      ['2026-04-01', accepted],
      ['2026-03-01', ['min', 'f must be 2026-03-02 or later.']],
      ['2026-04-02', ['max', 'f must be 2026-04-01 or earlier.']],
      [String(Date.UTC(2026, 2, 3)), accepted],
      [String(Date.UTC(2026, 1, 3)), ['min', 'f must be 2026-03-02 or later.']],
      ['2026-02-30', day],
      ['2026-3-2', day],
      ['tomorrow', day],
      [Date.UTC(2026, 2, 3), day],
    ]),
    ...cases('type: date, min: today-1d, max: 2026-03-05', [
      ['2026-03-01', accepted],
      ['2026-02-28', ['min', 'f must be 2026-03-01 or later.']],
      ['2026-03-06', ['max', 'f must be 2026-03-05 or earlier.']],
    ]),
    ...cases('type: date_range, min: today, max: today+10d', [
      [from('2026-03-02', '2026-03-12'), accepted],
      [from('2026-03-01', '2026-03-12'), ['min', 'f must be 2026-03-02 or later.']],
      [from('2026-03-02', '2026-03-13'), ['max', 'f must be 2026-03-12 or earlier.']],
      [from('2026-03-05', '2026-03-04'), range],
      [{ 'start-date': '2026-03-05' }, range],
      ['2026-03-05', range],
      [[], accepted],
    ]),
    ...cases('type: choice, in: [a, 1]', [
      ['a', accepted],
      ['1', accepted],
      [1, accepted],
      ['b', option],
      [['a'], ['type', 'Please choose an option for f.']],
    ]),
    ...cases('type: choices, required: true, in: [a, b, c], min: 2', [
      [['a', 'b'], accepted],
      [['a', 'x'], option],
      [['a'], ['length', 'f needs at least 2 entries.']],
      [[], required],
      ['a', ['type', 'Please choose options for f.']],
      [[{}], ['type', 'Please choose options for f.']],
    ]),
    ...cases('type: files, max: 1', [
      [[{ media_id: 'm' }], accepted],
      [
        [{ media_id: 'm' }, { media_id: 'n' }],
        ['length', 'f can have at most 1 entries.'],
      ],
      [['m'], ['type', 'Please attach f again.']],
      [[null], ['type', 'Please attach f again.']],
    ]),
  ])('%s: %j → %j', async (field, value, broken) => {
    const said = await submit(`f: { ${field} }`, value === undefined ? {} : { f: value })
    if (!broken) return expect(said).toMatchObject({ screen: 'DONE', outcome: 'shown', errors: [] })
    const [rule, message] = broken
    expect(said).toMatchObject({
      screen: 'FORM',
      outcome: 'rejected',
      data: { title: 'after b', error_message: message },
      errors: [{ code: 'invalid_field', field: 'f', rule, message }],
    })
  })
})

describe('checks', () => {
  const run = async (check: string, input: JsonObject) => {
    const { outcome, errors } = await submit(`f: { type: text, check: ${check} }, n: { type: number }`, input)
    return [outcome, ...errors.map(({ code, field, rule, message }) => `${code} ${field} ${rule}: ${message}`)]
  }

  test.each<[check: string, input: JsonObject, result: string[]]>([
    ['"value = $uppercase(value)"', { f: 'AB' }, ['shown']],
    ['"value = $uppercase(value)"', { f: 'ab' }, ['rejected', 'invalid_field f check: Please check f.']],
    ['"value = $uppercase(value)"', {}, ['shown']],
    ['"input.n = 2"', { f: 'x', n: 2 }, ['shown']],
    ['"input.n = 2"', { f: 'x', n: 3 }, ['rejected', 'invalid_field f check: Please check f.']],
    ['"known.choice = \'b\'"', { f: 'x' }, ['shown']],
    ['"known.choice = \'c\'"', { f: 'x' }, ['rejected', 'invalid_field f check: Please check f.']],
    [
      '[{ that: "value != \'a\'", message: Not a }, { that: "value != \'b\'", message: Not b }]',
      { f: 'b' },
      ['rejected', 'invalid_field f check: Not b'],
    ],
  ])('%s on %j gives %j', async (check, input, result) => expect(await run(check, input)).toEqual(result))

  test('a check that fails to run refuses, and says that it failed', async () => {
    const result = await run('value + 1 > 2', { f: 'two' })
    expect(result).toEqual(['rejected', 'expression_failed f check: Please check f.'])
  })

  test('a check is not asked about a value that is no such value', async () => {
    const { errors } = await submit('f: { type: number, check: value > 3 }', { f: 'x' })
    expect(errors).toMatchObject([{ rule: 'type' }])
  })
})

describe('messages', () => {
  test('several refused fields are all told, each sentence once', async () => {
    const required = 'type: text, required: true, message: Please fill in the form'
    const fields = `a: { ${required} }, b: { ${required} }, c: { type: number }, d: { type: text }`
    const said = await submit(fields, { c: 'x', d: 'fine', undeclared: [] })
    expect(said.data.error_message).toBe('Please fill in the form Please enter c as a number.')
    expect(said.errors.map(({ field, rule }) => [field, rule])).toEqual([
      ['a', 'required'],
      ['b', 'required'],
      ['c', 'type'],
    ])
  })

  test.each<[value: Json | undefined, message: string]>([
    [undefined, 'How old?'],
    ['x', 'In figures'],
    [17, 'From 18'],
    [200, 'f must be 120 or less.'],
  ])('the author’s sentence for the rule that %p breaks', async (value, message) => {
    const field =
      'f: { type: number, required: true, min: 18, max: 120, message: { required: How old?, type: In figures, min: From 18 } }'
    const said = await submit(field, value === undefined ? {} : { f: value })
    expect(said.data.error_message).toBe(message)
  })
})

test('a pattern that backtracking would take for ever over answers at once', async () => {
  const said = await submit('f: { type: text, pattern: "^(a+)+$" }', { f: `${'a'.repeat(4_000)}!` })
  expect(said).toMatchObject({ outcome: 'rejected', errors: [{ rule: 'pattern' }] })
})

test.each(['constructor', 'toString', '__proto__'])(
  'a field called %s is missing when it is not sent',
  async (name) => {
    const said = await submit(`"${name}": { type: text, required: true }`, {})
    if (name === '__proto__') return expect(said.outcome).toBe('shown')
    expect(said.errors).toMatchObject([{ field: name, rule: 'required' }])
  },
)
