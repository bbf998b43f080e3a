// Every config in docs/flows.md compiles: with the screens, APIs and fields around it that the page leaves out.

import { expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { compileFlow } from '../src/flow/compile.ts'
import { flow as schema } from '../src/flow/schema.ts'

const text = readFileSync(join(import.meta.dir, '../docs/flows.md'), 'utf8')
const blocks = [...text.matchAll(/```yaml\n(.*?)```/gs)].map(([, block = '']) => block)

type Part = { readonly [key: string]: unknown }

/** What the page does not show of each: screens that are led to, and APIs. */
const AROUND: readonly { readonly screens?: Part; readonly apis?: readonly string[] }[] = [
  {},
  {},
  { screens: { DONE: {} }, apis: ['codes', 'check'] },
  { apis: ['times'] },
  { screens: { MENU: {} }, apis: ['menu', 'orders'] },
]

/** A flow, or the part of one that stands below its name or below `screens`. */
function flowIn(block: string, { screens = {}, apis = [] }: (typeof AROUND)[number]): Part {
  const dedented = block.replace(new RegExp(`^ {${/^ */.exec(block)?.[0].length ?? 0}}`, 'gm'), '')
  const part = parse(dedented) as Part
  const whole = (part.flows ? Object.values(part.flows as Part)[0] : part) as Part
  const flow = Object.keys(whole).every((key) => /^[A-Z]+$/.test(key)) ? { screens: whole } : whole
  const all = { ...(flow.screens as Part), ...screens }
  const called = Object.fromEntries(apis.map((name) => [name, { url: 'https://example.com', method: 'POST' }]))
  return { start: Object.keys(all)[0], ...flow, screens: all, apis: { ...(flow.apis as Part), ...called } }
}

test.each(blocks.map((block, index) => [index + 1, block] as const))('example %d', (number, block) => {
  const { flow_json: _, ...flow } = flowIn(block, AROUND[number - 1] ?? {})
  const compiled = compileFlow('example', schema.parse(flow))
  expect(compiled.ok ? [] : compiled.problems).toEqual([])
})

test('there are five', () => expect(blocks).toHaveLength(AROUND.length))
