// What one process learns of a flow is known after a restart, and to the other processes.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'yaml'
import { compileFlow } from '../flow/compile.ts'
import type { Flow } from '../flow/definition.ts'
import { flow as schema } from '../flow/schema.ts'
import { createLog } from '../lib/log.ts'
import { openStore } from '../store/open.ts'
import type { Store } from '../store/store.ts'
import type { FlowRequest } from '../wire/request.ts'
import { createLearning } from './learning.ts'

let folder: string
let store: Store
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'screentrail-'))
  store = await openStore(`sqlite:${join(folder, 'trail.db')}`, createLog('silent'))
})
afterAll(async () => {
  await store.close()
  await rm(folder, { recursive: true })
})

/** One of several processes over the store. */
function processOf() {
  const config = schema.parse(parse('tap: { url: "http://127.0.0.1:9/" }'))
  const compiled = compileFlow('booking', config)
  if (!compiled.ok) throw new Error('the flow does not compile')
  const flows = new Map<string, Flow>([['booking', compiled.flow]])
  const learning = createLearning({
    flows,
    configs: { booking: config },
    wasSent: () => false,
    store,
    now: () => 0,
  })
  const note = (token: string, screen: string, data: FlowRequest['data'], next: string) => {
    const action = screen === '' ? 'init' : 'submit'
    const request: FlowRequest = { action, version: '3.0', screen, data, token }
    const answered = { kind: 'reply', status: 200, text: '', upstreamMs: 0, change: { input: {} } } as const
    return learning.note(flows.get('booking') as Flow, request, { ...answered, outcome: 'shown', next, errors: [] })
  }
  return { learning, note, screens: () => [...(flows.get('booking')?.screens.keys() ?? [])] }
}

test('each has what the others learned, and it outlives them', async () => {
  const [one, two] = [processOf(), processOf()]
  one.note('p1', '', {}, 'A')
  two.note('p2', '', {}, 'B')
  expect([one.screens(), two.screens()]).toEqual([['A'], ['B']])
  await one.learning.sync()
  await two.learning.sync()
  await one.learning.sync()
  expect([one.screens().toSorted(), two.screens().toSorted()]).toEqual([
    ['A', 'B'],
    ['A', 'B'],
  ])
  const three = processOf()
  await three.learning.sync()
  expect(three.screens().toSorted()).toEqual(['A', 'B'])
})

test('a screen of which only requests tell, and a field, need three people', () => {
  const { note, learning } = processOf()
  note('p1', '', {}, 'A')
  const fields = () => learning.of('booking').screens.map(({ id, fields }) => [id, fields.map(({ name }) => name)])
  for (let count = 0; count < 5; count++) note('p1', 'MOVED', { secret: 'x' }, 'A')
  expect(fields()).toEqual([['A', []]])
  note('p2', 'MOVED', { day: 'x' }, 'A')
  note('p3', 'MOVED', { day: 'x' }, 'A')
  expect(fields()).toEqual([
    ['A', []],
    ['MOVED', []],
  ])
  for (const person of ['p1', 'p2', 'p3']) note(person, 'MOVED', { day: 'x' }, 'A')
  expect(fields()).toEqual([
    ['A', []],
    ['MOVED', ['day']],
  ])
})

test('a name with a phone number in it is not learned, whoever sends it', () => {
  const { note, learning } = processOf()
  note('p1', '', {}, 'A')
  for (const person of ['p1', 'p2', 'p3', 'p4']) note(person, 'A', { Marta_912345678: 'x', day: 'x' }, 'A')
  expect(learning.of('booking').screens.map(({ fields }) => fields.map(({ name }) => name))).toEqual([['day']])
})

test('without a token of their own nobody counts as somebody', () => {
  const { note, learning } = processOf()
  for (let count = 0; count < 5; count++) note('unused', 'MOVED', { day: 'x' }, 'A')
  expect(learning.of('booking').screens.map(({ id }) => id)).toEqual(['A'])
})
