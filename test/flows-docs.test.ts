// Each example of docs/flows.md is a file in flows/, with its Flow JSON: what the page shows stands in the file, which fits its Flow JSON
// and is walked.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { openRehearsal, type Rehearsal } from '../src/cli/rehearsal.ts'
import { formatMistake, loadConfig } from '../src/config/load.ts'
import type { LoadResult } from '../src/config/load-result.ts'
import { configWith, type Folder, makeFolder } from './kit.ts'
import { walkRehearsed } from './walk-rehearsed.ts'

const NAMES = ['contact', 'booking', 'code', 'appointment', 'cart'] as const
const ROOT = join(import.meta.dir, '..')

type Part = { readonly [key: string]: unknown }

let folder: Folder
let loaded: LoadResult
let rehearsal: Rehearsal | undefined
let blocks: readonly string[] = []
beforeAll(async () => {
  const page = await readFile(join(ROOT, 'docs/flows.md'), 'utf8')
  blocks = [...page.matchAll(/```yaml\n(.*?)```/gs)].map(([, block = '']) => block)
  const files = await Promise.all(NAMES.map((name) => readFile(join(ROOT, `flows/${name}.yaml`), 'utf8')))
  folder = await makeFolder(configWith(files.join('')))
  await mkdir(join(folder.path, 'flows'), { recursive: true })
  for (const name of NAMES)
    await writeFile(join(folder.path, `flows/${name}.json`), await readFile(join(ROOT, `flows/${name}.json`)))
  loaded = await loadConfig(folder.config, { CRM_TOKEN: 'token' })
  if (loaded.ok) rehearsal = await openRehearsal(loaded)
})
afterAll(async () => {
  await rehearsal?.close()
  await folder?.remove()
})

/** What stands below the flow's name; blocks show that, or a part of it, further in. */
function shownIn(block: string): Part {
  const indent = /^ */.exec(block)?.[0].length ?? 0
  const part = parse(block.replace(new RegExp(`^ {${indent}}`, 'gm'), '')) as Part
  const whole = (part.flows ? Object.values(part.flows as Part)[0] : part) as Part
  return Object.keys(whole).every((key) => /^[A-Z]+$/.test(key)) ? { screens: whole } : whole
}

test('there are as many as files', () => expect(blocks).toHaveLength(NAMES.length))

test('none is wrong, and nothing in them is odd', () => {
  expect((loaded.ok ? loaded.warnings : loaded.mistakes).map(formatMistake)).toEqual([])
})

describe.each(NAMES.map((name, index) => [name, index] as const))('%s', (name, index) => {
  test('what the page shows stands in the file', async () => {
    const file = parse(await readFile(join(ROOT, `flows/${name}.yaml`), 'utf8')) as Part
    expect(file[name]).toMatchObject(shownIn(blocks[index] as string))
  })

  test('is walked to its end', async () => {
    const flow = loaded.ok ? loaded.flows.get(name) : undefined
    if (!flow || !rehearsal) throw new Error('the flows are wrong')
    const profile = { leave: [], invalid: 0.1, double_tap: 0.2, back: 0.1 }
    const walked = await walkRehearsed({ flow, folder, rehearsal, profile, people: 10, seed: 'docs' })
    const { wrong, stuck, faults, sessions } = walked
    expect([wrong, stuck, faults].flatMap(({ first }) => first)).toEqual([])
    expect(sessions.completed).toBeGreaterThan(0)
  })
})
