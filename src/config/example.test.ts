// config.example.yaml and flows/repair-booking.json describe the same flow, once to us and once to Meta.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { initFolder } from '../cli/init.ts'
import { type Flow, screensAfter } from '../flow/definition.ts'
import { SUCCESS } from '../trail/event.ts'
import { loadConfig } from './load.ts'

type Component = {
  readonly type: string
  readonly name?: string
  readonly text?: string
  readonly label?: string
  readonly 'helper-text'?: string
  readonly 'data-source'?: string
  readonly 'on-click-action'?: { readonly name: string; readonly payload: { readonly [name: string]: string } }
}

type FlowJson = {
  readonly version: string
  readonly data_api_version: string
  readonly routing_model: { readonly [screen: string]: readonly string[] }
  readonly screens: readonly {
    readonly id: string
    readonly title: string
    readonly terminal?: boolean
    readonly data: { readonly [name: string]: { readonly __example__?: unknown } }
    readonly layout: { readonly children: readonly Component[] }
  }[]
}

let folder: string
let flow: Flow
let json: FlowJson
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'screentrail-example-'))
  await initFolder(folder)
  const loaded = await loadConfig(join(folder, 'config.yaml'), {})
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.mistakes))
  expect(loaded.warnings).toEqual([])
  flow = loaded.flows.get('repair-booking') as Flow
  json = JSON.parse(await readFile(join(import.meta.dir, '../../flows/repair-booking.json'), 'utf8'))
})
afterAll(() => rm(folder, { recursive: true }))

test('both have the same screens, and SUCCESS is none of them', () => {
  const ids = json.screens.map((screen) => screen.id)
  expect(ids).toEqual([...flow.screens.keys()])
  expect(ids).not.toContain(SUCCESS)
})

test('the routing model is what `next` leads to', () => {
  const routes = [...flow.screens.values()].map((screen) => [screen.id, screensAfter(screen)])
  expect(json.routing_model).toEqual(Object.fromEntries(routes))
})

test('screens that complete are the terminal ones', () => {
  const completing = [...flow.screens.values()]
    .filter((screen) => screen.submission.next.some(({ kind }) => kind === 'complete'))
    .map((screen) => screen.id)
  expect(json.screens.filter((screen) => screen.terminal).map((screen) => screen.id)).toEqual(completing)
})

test('each screen submits exactly the fields that the config declares, from components of these names', () => {
  for (const screen of json.screens) {
    const declared = flow.screens.get(screen.id)?.fields.map((field) => field.name) ?? []
    const names = screen.layout.children.flatMap((component) => component.name ?? [])
    expect(names).toEqual(declared)
    expect(submitOf(screen.layout.children)?.payload).toEqual(
      Object.fromEntries(declared.map((name) => [name, `\${form.${name}}`])),
    )
  }
})

test('each screen declares, with an example, exactly the data it is sent with, and shows all of it', () => {
  for (const screen of json.screens) {
    const sent = flow.screens.get(screen.id)?.data.map((entry) => entry.name) ?? []
    expect(Object.keys(screen.data)).toEqual(sent)
    for (const name of sent) {
      expect(screen.data[name]?.__example__).toBeDefined()
      expect(JSON.stringify(screen.layout)).toContain(`\${data.${name}}`)
    }
  }
})

test('every transition goes through the endpoint', () => {
  const actions = JSON.stringify(json).match(/"on-[a-z-]+-action":\{"name":"(\w+)"/g) ?? []
  expect(actions).toHaveLength(json.screens.length)
  for (const screen of json.screens) expect(submitOf(screen.layout.children)?.name).toBe('data_exchange')
})

test('every text is within the limits of Meta', () => {
  const limits: { [type: string]: number } = {
    TextHeading: 80,
    TextBody: 4096,
    TextInput: 20,
    Dropdown: 20,
    Footer: 35,
  }
  for (const component of json.screens.flatMap((screen) => screen.layout.children)) {
    const text = component.text ?? component.label ?? ''
    expect(text.length).toBeGreaterThan(0)
    expect(text.length).toBeLessThanOrEqual(limits[component.type] ?? 40)
    expect(component['helper-text']?.length ?? 0).toBeLessThanOrEqual(80)
  }
  expect([json.version, json.data_api_version]).toEqual(['7.3', '4.0'])
})

test.each([
  ['emergency', ['asap', 'morning', 'afternoon']],
  ['routine', ['morning', 'afternoon']],
])('the slots fit the service: %s', async (service, ids) => {
  const slots = flow.screens.get('DATE_TIME')?.data[0]?.value
  if (slots?.kind !== 'expression') throw new Error('slots should be an expression')
  const result = await slots.expression.evaluate({ known: { service } })
  expect(result.ok && (result.value as { id: string }[]).map((slot) => slot.id)).toEqual(ids)
})

test('every slot that is offered is accepted', () => {
  const slot = flow.screens.get('DATE_TIME')?.fields.find((field) => field.name === 'slot')
  expect(slot?.config.in).toEqual(['asap', 'morning', 'afternoon'])
})

const submitOf = (children: readonly Component[]) =>
  children.find((component) => component.type === 'Footer')?.['on-click-action']
