// Whatever happens to a Flow JSON, it is read or its mistakes are told with their place; and what is read can be worked with.

import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { conflictingNames } from '../src/flow-json/conflicting-names.ts'
import { fieldsOf } from '../src/flow-json/fields.ts'
import { fitted } from '../src/flow-json/fitting.ts'
import { screensWithoutExit, unreachableScreens } from '../src/flow-json/follow-ups.ts'
import { instrument } from '../src/flow-json/instrument.ts'
import { measurability } from '../src/flow-json/measurability.ts'
import { readFlowJson } from '../src/flow-json/read-flow-json.ts'
import { FLOW_JSONS, flowJsonText } from './flow-json-kit.ts'

type Mutation = { readonly at: number; readonly length: number; readonly insert: string }

/** Pieces that mean something in a Flow JSON, besides any text. */
const PIECES = [
  '{',
  '}',
  '[',
  ']',
  '"',
  ',',
  ':',
  'null',
  '-1',
  '1e999',
  '""',
  '{}',
  '[]',
  '\\',
  '`',
  '${form.',
  '${data.',
  '__proto__',
  'then',
  'type',
  'navigate',
  '\u0000',
  '\uD83D',
  '\n',
]

const mutations = (length: number): fc.Arbitrary<readonly Mutation[]> =>
  fc.array(
    fc.record({
      at: fc.nat(length),
      length: fc.oneof(fc.constant(0), fc.nat(3), fc.nat(200)),
      insert: fc.oneof(fc.constant(''), fc.constantFrom(...PIECES), fc.string({ maxLength: 8, unit: 'binary' })),
    }),
    { minLength: 1, maxLength: 3 },
  )

const mutated = (text: string, changes: readonly Mutation[]): string =>
  changes.reduce((now, { at, length, insert }) => now.slice(0, at) + insert + now.slice(at + length), text)

/** A value somewhere in the JSON replaced by another: what remains is JSON, so reading goes further. */
function withReplaced(text: string, which: number, value: unknown): string {
  const tokens = [...text.matchAll(/"(?:[^"\\]|\\.)*"(?!\s*:)|\b(?:true|false|\d+)\b/g)]
  const token = tokens[which % tokens.length]
  return token ? text.slice(0, token.index) + JSON.stringify(value) + text.slice(token.index + token[0].length) : text
}

function readAndUse(text: string): void {
  const result = readFlowJson(text, 'flow.json')
  const lines = text.split(/\r\n|\r|\n/)
  for (const { file, line, column, message } of result.ok ? result.notes : result.mistakes) {
    expect(file).toBe('flow.json')
    expect(message).not.toBe('')
    expect(line).toBeGreaterThan(0)
    expect(line).toBeLessThanOrEqual(lines.length)
    expect(column).toBeGreaterThan(0)
    expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? 0) + 1)
  }
  if (!result.ok) {
    expect(result.mistakes.length).toBeGreaterThan(0)
    return
  }
  const { flowJson } = result
  for (const screen of flowJson.screens.values()) {
    fieldsOf(flowJson, screen.id)
    for (const [name, { type, example }] of screen.data) fitted(type, example, name)
  }
  conflictingNames(flowJson)
  measurability(flowJson)
  screensWithoutExit(flowJson)
  unreachableScreens(flowJson)
  const made = instrument(text, { file: 'flow.json', edges: 'all', refreshOnBack: 'all' })
  expect(made.ok && readFlowJson(made.text, 'flow.json').ok).toBe(true)
}

/** Each flow with this many mutations. */
export function mutateFlowJsons(mutationsOfEach: number): void {
  const runs = { numRuns: mutationsOfEach / 2 }
  describe.each(FLOW_JSONS)('%s', (name) => {
    const original = flowJsonText(name)

    test('letters changed anywhere', () => {
      const changed = mutations(original.length).map((changes) => mutated(original, changes))
      fc.assert(fc.property(changed, readAndUse), runs)
    })

    test('values changed into others', () => {
      const value = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom(...PIECES))
      const changed = fc.tuple(fc.nat(), value).map(([which, other]) => withReplaced(original, which, other))
      fc.assert(fc.property(changed, readAndUse), runs)
    })
  })

  test('what is accepted is JSON, and what is JSON is not refused as none', () => {
    const original = flowJsonText('otp')
    const changed = mutations(original.length).map((changes) => mutated(original, changes))
    fc.assert(fc.property(changed, isRefusedAsJsonIs), { numRuns: mutationsOfEach })
  })
}

function isRefusedAsJsonIs(text: string): void {
  const result = readFlowJson(text, 'flow.json')
  const isRefused = !result.ok && result.mistakes.some(({ message }) => message.startsWith('the file is not JSON'))
  expect(isRefused).toBe(!isJson(text))
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
