// biome-ignore-all lint/suspicious/noTemplateCurlyInString: `${…}` is what a Flow JSON refers with, not a slip.

// Whatever happens to a config or its Flow JSON: it is refused with a place, or it still works on a phone.
//
// MUTATIONS=1000 MUTATION_SEED=anything node_modules/.bin/bun test test/mutated-configs.test.ts

import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openRehearsal } from '../src/cli/rehearsal.ts'
import { loadConfig } from '../src/config/load.ts'
import type { LoadResult, Mistake } from '../src/config/load-result.ts'
import type { Flow } from '../src/flow/definition.ts'
import { between, pick, type Random, seededRandom } from '../src/simulate/random.ts'
import { type Folder, makeFolder } from './kit.ts'
import { walkRehearsed } from './walk-rehearsed.ts'

setDefaultTimeout(1_200_000)

const COUNT = Number(process.env.MUTATIONS ?? 40)
const SEED = process.env.MUTATION_SEED ?? 'mutations'
const PEOPLE = 4
const PROFILE = { leave: [], invalid: 0.1, double_tap: 0.1, back: 0.1, reopen: 0, client_error: 0 }

let folder: Folder
let config = ''
let flowJson = ''
const jsonFile = () => join(folder.path, 'flows/repair-booking.json')
beforeAll(async () => {
  folder = await makeFolder()
  config = await readFile(folder.config, 'utf8')
  flowJson = await readFile(jsonFile(), 'utf8')
})
afterAll(() => folder?.remove())

/** What is written instead of a value. */
const VALUES = [
  '',
  '0',
  '0900',
  '-1',
  '1.0',
  'true',
  'null',
  'x',
  '[]',
  '{}',
  '[x, y]',
  '{ a: 1 }',
  '"{{ known.x }}"',
  '{ expr: known.service }',
  'known.service',
  '${NOWHERE}',
  '"{{ ("',
  '{ expr: "(" }',
  '*a',
  '<<',
]
const JSON_VALUES = [
  '""',
  '0',
  '-1',
  'true',
  'null',
  '"x"',
  '[]',
  '{}',
  '["x"]',
  '{"a":1}',
  '"${data.x}"',
  '"${form.service}"',
  '"SUCCESS"',
  '"string"',
  '"boolean"',
  '"array"',
]

type Mutation = { readonly what: string; readonly config: string; readonly flowJson: string }

function mutated(random: Random): Mutation {
  const isConfig = random() < 0.6
  const text = isConfig ? config : flowJson
  const [what, changed] = pick(random, isConfig ? [...ANYWHERE, yamlValue] : [...ANYWHERE, jsonValue])(text, random)
  return {
    what: `${isConfig ? 'config' : 'Flow JSON'}: ${what}`,
    config: isConfig ? changed : config,
    flowJson: isConfig ? flowJson : changed,
  }
}

type Change = (text: string, random: Random) => readonly [what: string, text: string]

/** The config's comments mean nothing, so nothing is changed there. */
const linesOf = (text: string): number[] =>
  [...text.split('\n').entries()].flatMap(([index, line]) => (/^\s*(?:#|$)/.test(line) ? [] : [index]))

const onLine =
  (what: string, change: (line: string, random: Random, others: readonly string[]) => readonly string[]): Change =>
  (text, random) => {
    const lines = text.split('\n')
    const index = pick(random, linesOf(text))
    const instead = change(lines[index] as string, random, lines)
    return [
      `${what} in line ${index + 1}: ${instead.join(' ↵ ').trim()}`,
      lines.toSpliced(index, 1, ...instead).join('\n'),
    ]
  }

const WORD = /[A-Za-z_][\w-]*/g

const inWord =
  (change: (word: string, random: Random, words: readonly string[]) => string) =>
  (line: string, random: Random, lines: readonly string[]): readonly string[] => {
    const words = [...line.replace(/\s#.*$/, '').matchAll(WORD)]
    if (words.length === 0) return [line]
    const word = pick(random, words)
    const all = lines.flatMap((each) => each.match(WORD) ?? [])
    return [line.slice(0, word.index) + change(word[0], random, all) + line.slice(word.index + word[0].length)]
  }

const ANYWHERE: readonly Change[] = [
  onLine('a line left out', () => []),
  onLine('a line twice', (line) => [line, line]),
  onLine('a line from elsewhere', (_, random, lines) => [pick(random, lines)]),
  onLine('a line moved in', (line) => [`  ${line}`]),
  onLine(
    'a letter left out',
    inWord((word, random) => {
      const at = between(random, 0, word.length - 1)
      return word.slice(0, at) + word.slice(at + 1)
    }),
  ),
  onLine(
    'two letters swapped',
    inWord((word, random) => {
      const at = between(random, 0, Math.max(0, word.length - 2))
      return word.slice(0, at) + (word[at + 1] ?? '') + (word[at] ?? '') + word.slice(at + 2)
    }),
  ),
  onLine(
    'another word of the file',
    inWord((_, random, words) => pick(random, words)),
  ),
  onLine('a sign left out', (line, random) => {
    const signs = [...line.matchAll(/[^\w\s]/g)]
    if (signs.length === 0) return [line]
    const { index } = pick(random, signs)
    return [line.slice(0, index) + line.slice(index + 1)]
  }),
]

const yamlValue = onLine('another value', (line, random) => {
  const keys = [...line.matchAll(/[\w-]+: (?=[^{[|\s])(?:"[^"]*"|[^,}\]#]+)/g)]
  if (keys.length === 0) return [line]
  const key = pick(random, keys)
  const name = key[0].slice(0, key[0].indexOf(':') + 2)
  return [line.slice(0, key.index) + name + pick(random, VALUES) + line.slice(key.index + key[0].length)]
})

const jsonValue: Change = (text, random) => {
  const token = pick(random, [...text.matchAll(/"(?:[^"\\]|\\.)*"(?!\s*:)|\b(?:true|false|\d+)\b/g)])
  const instead = pick(random, JSON_VALUES)
  return [
    `${instead} for ${token[0]} at ${token.index}`,
    text.slice(0, token.index) + instead + text.slice(token.index + token[0].length),
  ]
}

/** Every mistake has a place in the file it is in. */
function wrongPlaces({ config, flowJson }: Mutation, mistakes: readonly Mistake[]): readonly string[] {
  if (mistakes.length === 0) return ['refused without a sentence']
  return mistakes.flatMap(({ file, line, column, message }) => {
    const lines = (file.endsWith('.json') ? flowJson : config).split('\n')
    const isThere = line >= 1 && line <= lines.length && column >= 1 && column <= (lines[line - 1]?.length ?? 0) + 1
    return isThere && message !== '' ? [] : [`no place: ${file}:${line}:${column} ${message}`]
  })
}

async function check({ config, flowJson }: Mutation): Promise<LoadResult | string> {
  await writeFile(folder.config, config)
  await writeFile(jsonFile(), flowJson)
  try {
    return await loadConfig(folder.config, {})
  } catch (error) {
    return `check crashed: ${error}`
  }
}

test(`${COUNT} changes to the example`, async () => {
  const wrong: string[] = []
  const accepted = new Map<string, Accepted>()
  for (let index = 0; index < COUNT; index++) {
    const mutation = mutated(seededRandom(`${SEED}/${index}`))
    const result = await check(mutation)
    const found = typeof result === 'string' ? [result] : result.ok ? [] : wrongPlaces(mutation, result.mistakes)
    wrong.push(...found.map((sentence) => `${index} ${mutation.what}: ${sentence}`))
    if (typeof result === 'string' || !result.ok) continue
    for (const [name, flow] of result.flows) {
      const key = `${name}-${index}`
      const isWarned = result.warnings.length > 0
      accepted.set(key, { flow: { ...flow, key }, isWarned, what: `${index} ${mutation.what}` })
    }
  }
  await check({ what: '', config, flowJson })
  wrong.push(...(await wrongWalks(accepted)))
  expect(wrong).toEqual([])
})

type Accepted = { readonly flow: Flow; readonly what: string; readonly isWarned: boolean }

/** What was warned of may go wrong, but never is something sent that does not fit. */
async function wrongWalks(accepted: ReadonlyMap<string, Accepted>): Promise<readonly string[]> {
  const loaded = { ...(await folder.load()), flows: new Map([...accepted].map(([key, { flow }]) => [key, flow])) }
  const rehearsal = await openRehearsal(loaded)
  const wrong: string[] = []
  for (const { flow, what, isWarned } of accepted.values()) {
    const report = await walkRehearsed({ flow, folder, rehearsal, profile: PROFILE, people: PEOPLE, seed: SEED })
    const all = [report.wrong, report.unreachable, report.stuck, report.faults].flatMap(({ first }) =>
      first.slice(0, 1),
    )
    const found = isWarned ? report.wrong.first.filter((sentence) => sentence.includes('expected data that fits')) : all
    wrong.push(...found.map((sentence) => `${what}: ${sentence}`))
  }
  await rehearsal.close()
  return wrong
}
