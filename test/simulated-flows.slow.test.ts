// People walk each of the nine flows as their phones show them, against an endpoint whose APIs answer with their examples.

import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openRehearsal, type Rehearsal } from '../src/cli/rehearsal.ts'
import type { Loaded } from '../src/config/load-result.ts'
import type { Flow } from '../src/flow/definition.ts'
import { flowNames } from './flows-kit.ts'
import { configWith, type Folder, makeFolder } from './kit.ts'
import { walkRehearsed } from './walk-rehearsed.ts'

setDefaultTimeout(120_000)

const FLOWS = join(import.meta.dir, 'flows')
const PEOPLE = 15
/** Everything that people do happens often. */
const RESTLESS = {
  leave: [{ chance: 0.01 }],
  invalid: 0.15,
  double_tap: 0.2,
  back: 0.15,
  reopen: 0.03,
  client_error: 0.05,
}

const configOf = (name: string) =>
  `${name}:\n  flow_json: ${join(FLOWS, name, 'flow.json')}\n${readFileSync(join(FLOWS, name, 'flow.yaml'), 'utf8')
    .replace(`\${file:placeholder.b64}`, `\${file:${join(FLOWS, name, 'placeholder.b64')}}`)
    .replace(/^/gm, '  ')}`

let folder: Folder
let loaded: Loaded
let rehearsal: Rehearsal
beforeAll(async () => {
  folder = await makeFolder(configWith(flowNames.map(configOf).join('\n')))
  loaded = await folder.load()
  rehearsal = await openRehearsal(loaded)
})
afterAll(async () => {
  await rehearsal?.close()
  await folder?.remove()
})

describe.each(flowNames)('%s', (name) => {
  test('is walked to its end, every answer is right, and nothing fails on our side', async () => {
    const flow = loaded.flows.get(name) as Flow
    const walked = await walkRehearsed({ flow, folder, rehearsal, profile: RESTLESS, people: PEOPLE, seed: 'nine' })
    const { wrong, unreachable, stuck, faults, sessions } = walked
    expect([wrong, unreachable, stuck, faults].flatMap(({ first }) => first)).toEqual([])
    expect(sessions.started).toBe(PEOPLE)
    expect(sessions.completed).toBeGreaterThan(0)
  })
})
