import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import type { z } from 'zod'
import { evaluateHere } from '../../test/conversation.ts'
import { compileFlow } from '../flow/compile.ts'
import type { Field } from '../flow/definition.ts'
import { flow as flowSchema } from '../flow/schema.ts'
import { validate } from '../flow/validate.ts'
import type { Json, JsonObject } from '../lib/json.ts'
import { mistakesIn, spoil } from './mistakes.ts'
import { patternWriter } from './pattern.ts'
import type { Wish } from './profile.ts'
import { seededRandom } from './random.ts'
import { fillIn } from './values.ts'

const TODAY = '2026-11-22'

type FieldInput = NonNullable<z.input<typeof flowSchema>['screens']>[string] extends { fields?: infer F }
  ? NonNullable<F>
  : never

function fieldsOf(fields: FieldInput): readonly Field[] {
  const compiled = compileFlow('f', flowSchema.parse({ start: 'ONLY', screens: { ONLY: { fields, complete: {} } } }))
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems))
  return compiled.flow.screens.get('ONLY')?.fields ?? []
}

const fill = (fields: readonly Field[], seed: string, data: JsonObject = {}, wishes = new Map<string, Wish[]>()) =>
  fillIn(fields, { random: seededRandom(seed), today: TODAY, data, wishes }, { known: {} })

async function inputOf(fields: readonly Field[], seed: string, data: JsonObject = {}): Promise<JsonObject> {
  const filled = await fill(fields, seed, data)
  if (!filled.ok) throw new Error(filled.message)
  return filled.input
}

const refused = async (fields: readonly Field[], input: JsonObject) =>
  (
    await validate(fields, { flow: { messages: {} }, input, scope: { input, today: TODAY }, evaluate: evaluateHere })
  ).map(({ field }) => field)

/** Every kind of field there is, within rules that some value keeps. */
const arbitraryField: fc.Arbitrary<FieldInput[string]> = fc
  .tuple(fc.boolean(), fc.nat({ max: 5 }), fc.nat({ max: 40 }), fc.nat({ max: 40 }))
  .chain(([required, kind, least, room]) => {
    const size = { length: { min: least, max: least + 1 + room } }
    const small = { length: { min: Math.min(least, 3), max: Math.min(least, 3) + 1 + room } }
    const bounds: FieldInput[string][] = [
      { type: 'text', ...size },
      { type: 'text', min: least + 1, max: least + 1 + room },
      { type: 'text', in: ['a', 'b'] },
      { type: 'text', pattern: '[A-Z]{2}-?\\d{3,5}' },
      { type: 'phone' },
      { type: 'email' },
      { type: 'number', min: least - 20, max: least - 20 + room },
      { type: 'number', in: [1, 2, 3] },
      { type: 'boolean' },
      { type: 'date', min: `today+${least}d`, max: `today+${least + room}d` },
      { type: 'date', max: '2026-01-31' },
      { type: 'date_range', min: 'today', max: `today+${room}d` },
      { type: 'choice', in: ['a', 'b', 3] },
      { type: 'choices', in: ['a', 'b', 'c', 'd'], min: kind % 4, max: 4 },
      { type: 'choices', in: ['a', 'b', 'c', 'd'], length: { min: 2, max: 3 } },
      { type: 'files', ...small },
    ]
    return fc.constantFrom(...bounds.map((field) => ({ ...field, required })))
  })

const arbitraryFields = fc.dictionary(fc.constantFrom('one', 'two', 'three'), arbitraryField, { minKeys: 1 })

describe('what people enter', () => {
  test('is accepted by the endpoint, whatever the fields', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryFields, fc.string(), async (config, seed) => {
        const fields = fieldsOf(config)
        const input = await inputOf(fields, seed)
        expect(await refused(fields, input)).toEqual([])
      }),
    )
  })

  test('is refused for the very field that they get wrong', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryFields, fc.string(), async (config, seed) => {
        const fields = fieldsOf(config)
        const spoilt = spoil(fields, await inputOf(fields, seed), TODAY, seededRandom(seed))
        if (spoilt) expect(await refused(fields, spoilt.input)).toEqual([spoilt.field])
      }),
    )
  })

  test('can be got wrong in every way the endpoint knows', async () => {
    const cases: [FieldInput[string], number][] = [
      [{ type: 'text', required: true }, 2],
      [{ type: 'text', min: 3, max: 5 }, 2],
      [{ type: 'text', pattern: '\\d{4}' }, 4],
      [{ type: 'choice', in: ['a'], required: true }, 3],
      [{ type: 'choice' }, 0],
      [{ type: 'text', required: { expr: 'false' } }, 0],
      [{ type: 'choice', in: { expr: "['a']" } }, 0],
      [{ type: 'number', min: 1, max: 9 }, 3],
      [{ type: 'date', required: true, min: 'today', max: 'today+9d' }, 6],
      [{ type: 'choices', in: ['a', 'b', 'c'], min: 2, max: 2 }, 3],
    ]
    for (const [config, count] of cases) {
      const [field] = fieldsOf({ one: config }) as [Field]
      const filled = await inputOf([field], 'seed 1', { options: [{ id: 'a', title: 'A' }] })
      const mistakes = mistakesIn(field, TODAY, filled.one ?? ['a', 'b'])
      expect([config, mistakes.length]).toEqual([config, count])
      for (const value of mistakes) {
        const input = value === undefined ? {} : { one: value }
        expect([value, await refused([field], input)]).toEqual([value, ['one']])
      }
    }
  })

  test('is the same for the same seed, and another for another', async () => {
    const fields = fieldsOf({ name: { type: 'text', required: true }, phone: { type: 'phone', required: true } })
    expect(await inputOf(fields, '1')).toEqual(await inputOf(fields, '1'))
    expect(await inputOf(fields, '1')).not.toEqual(await inputOf(fields, '2'))
  })

  test('keeps away from a bound that moves at midnight, where there is room', async () => {
    const fields = fieldsOf({ date: { type: 'date', required: true, min: 'today', max: 'today+2d' } })
    for (let seed = 0; seed < 30; seed++) expect((await inputOf(fields, `${seed}`)).date).toBe('2026-11-23')
  })

  test('passes the checks that the flow makes', async () => {
    const check = '$number(value) % 7 = 0 and input.size > 5'
    const fields = fieldsOf({
      size: { type: 'number', min: 1, max: 10, required: true },
      amount: {
        type: 'number',
        min: 1,
        max: 100,
        required: true,
        check: check.replace('input.size', '$number(input.size)'),
      },
    })
    const input = await inputOf(fields, 'seed')
    expect(Number(input.amount) % 7).toBe(0)
    expect(Number(input.size)).toBeGreaterThan(5)
  })
})

describe('what people choose from', () => {
  const choice = { type: 'choice', required: true } as const
  const list = (...ids: string[]): Json => ids.map((id) => ({ id, title: id }))
  const cases: [string, FieldInput[string], JsonObject, Json[]][] = [
    ['the list named like the field', choice, { cities: list('x'), slots: list('a', 'b') }, ['a', 'b']],
    ['the only list there is', choice, { times: list('t'), title: 'Pick' }, ['t']],
    ['what of the field’s own list is on the screen', { ...choice, in: ['a', 'c'] }, { slots: list('a', 'b') }, ['a']],
    ['the field’s own list', { ...choice, in: ['a', 'c'] }, { times: list('t') }, ['a', 'c']],
    ['what is not greyed out', choice, { slots: [{ id: 'a', enabled: false }, { id: 'b' }] }, ['b']],
  ]
  test.each(cases)('is %s', async (_, config, data, expected) => {
    const fields = fieldsOf({ slot: config })
    const chosen = await Promise.all(Array.from({ length: 40 }, (_, seed) => inputOf(fields, `${seed}`, data)))
    expect([...new Set(chosen.map((input) => input.slot))].sort()).toEqual(expected)
  })

  test('is nothing when the list comes empty, and unknown when none comes', async () => {
    const fields = fieldsOf({ slot: choice })
    expect(await fill(fields, '', { slots: [] })).toMatchObject({ ok: false, reason: 'nothing_offered' })
    expect(await fill(fields, '', { slots: 'soon' })).toMatchObject({
      ok: false,
      reason: 'unknown',
      message: 'slot: its screen came with no list of { id, title }; give values in the profile',
    })
  })

  test('follows the weights of the profile', async () => {
    const fields = fieldsOf({ slot: choice })
    const wishes = new Map([
      [
        'slot',
        [
          { value: 'a', weight: 3 },
          { value: 'b', weight: 1 },
          { value: 'c', weight: 0 },
        ],
      ],
    ])
    const counts: { [value: string]: number } = {}
    for (let seed = 0; seed < 400; seed++) {
      const filled = await fill(fields, `${seed}`, {}, wishes)
      if (filled.ok) counts[String(filled.input.slot)] = (counts[String(filled.input.slot)] ?? 0) + 1
    }
    expect(counts.a).toBeGreaterThan(260)
    expect(counts.a).toBeLessThan(340)
    expect(counts.c).toBeUndefined()
  })
})

describe('text for a pattern', () => {
  test.each([
    '^\\d{4}-\\d{3}$',
    '[A-Z]{2}\\d{2}[ -]?[a-z]+',
    '(?:red|green|blue)(?P<n>\\d)?',
    '[^0-9\\s]{3,}',
    '\\p{Lu}[[:alpha:]]*\\.',
    'a|b|[x-z]',
    '[-+]?[0-9]{1,3}(,[0-9]{3})*',
    '[]x]\\w*?',
    '\\Qa.b\\E|[à-ü]{2}é',
    '(?i)\\bcode: [^\\x00-\\x1f]+$',
  ])('%s is accepted by it', (pattern) => {
    const [field] = fieldsOf({ one: { type: 'text', pattern } }) as [Field]
    const write = patternWriter(pattern)
    for (let seed = 0; seed < 50; seed++)
      expect(field.pattern?.matches(write?.(seededRandom(`${seed}`)) ?? '')).toBe(true)
  })

  test.each(['[[:cntrl:]]', 'a\\n?b'])('%s is not made up, as nobody can type it', (pattern) => {
    expect(patternWriter(pattern)).toBeUndefined()
  })

  test('that nobody can make up is asked of the profile', async () => {
    const fields = fieldsOf({ code: { type: 'text', required: true, pattern: 'a\\tb' } })
    expect(await fill(fields, '')).toMatchObject({
      reason: 'unknown',
      message: expect.stringContaining('give some under values'),
    })
  })
})
