// What `check` used to let pass although it goes wrong on a phone: each is a sentence with its place, and the nearest right thing.

import { beforeAll, describe, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
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

/** What is wrong, what is right, what stands for it, and the sentence. */
type Wrong = readonly [name: string, right: string, wrong: string, sentence: string]

const WRONG: readonly Wrong[] = [
  ...readFileSync(join(import.meta.dir, '../../test/wrong-on-phones.txt'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => line.replaceAll('\\n', '\n').split(' ⇒ ') as unknown as Wrong),
  [
    'more fields than a screen has room for',
    'fields:',
    `fields:\n${Array.from({ length: 120 }, (_, index) => `        f${index}: { type: text }\n`).join('')}`,
    '14:9 screen ASK has 122 fields, and no screen of a Flow JSON more than 50 components',
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
