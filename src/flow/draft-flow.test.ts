// biome-ignore-all lint/suspicious/noTemplateCurlyInString: `${…}` is what a Flow JSON refers with, not a slip.

// A config that is made of a Flow JSON is one that loads, and fits it.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { FLOW_JSONS, flowJsonNamed, flowJsonOf, flowJsonText, onlyScreen } from '../../test/flow-json-kit.ts'
import { configWith } from '../../test/kit.ts'
import { initFolder } from '../cli/init.ts'
import { formatMistake, loadConfig } from '../config/load.ts'
import { draftFlow } from './draft-flow.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'screentrail-draft-'))
  await initFolder(folder)
})
afterAll(() => rm(folder, { recursive: true }))

/** What is wrong with the config that is made of it. */
async function mistakesOf(text: string): Promise<readonly string[]> {
  await writeFile(join(folder, 'flow.json'), text)
  const config = join(folder, 'config.yaml')
  const draft = draftFlow(flowJsonOf(text), 'flow.json')
  await writeFile(config, configWith(stringify({ flow: draft })))
  const loaded = await loadConfig(config, {})
  return loaded.ok ? [] : loaded.mistakes.map(formatMistake)
}

test.each(FLOW_JSONS)('%s', async (name) => {
  expect(await mistakesOf(flowJsonText(name))).toEqual([])
})

test('says of each screen what the Flow JSON says', () => {
  expect(draftFlow(flowJsonNamed('imss'), 'imss.json')).toMatchObject({
    flow_json: 'imss.json',
    start: 'IMSS_PROFILE',
    screens: {
      IMSS_PROFILE: {
        fields: { profile: { type: 'choice', required: true, in: ['1', '2', '3', '4'] } },
        next: [{ when: 'false', to: 'IMSS_PENSION' }, { to: 'IMSS_REJECTED' }],
      },
      IMSS_PENSION: { pass: ['profile'], fields: { pension: { type: 'number' } }, next: 'IMSS_PROPOSAL' },
      IMSS_HANDOFF: { fields: { nombre: { type: 'text' }, ciudad: { type: 'text' } }, complete: {} },
    },
    funnel: ['IMSS_PROFILE', ['IMSS_PENSION', 'IMSS_REJECTED'], 'IMSS_PROPOSAL', 'IMSS_HANDOFF'],
  })
})

/** One screen that asks, with these inputs and actions. */
const asking = (inputs: readonly object[], payloads: readonly object[], data: object = {}) => ({
  version: '7.3',
  data_api_version: '4.0',
  routing_model: { ONLY: [] },
  screens: [
    onlyScreen(
      [
        ...inputs,
        ...payloads.map((payload, index) => ({
          type: index === 0 ? 'Footer' : 'EmbeddedLink',
          [index === 0 ? 'label' : 'text']: 'Go',
          'on-click-action': { name: 'data_exchange', payload },
        })),
      ],
      data,
    ),
  ],
})
const screenOf = (json: object) => (draftFlow(flowJsonOf(json), 'flow.json').screens as { ONLY: object }).ONLY

test.each([
  ['a text around it', '+351${form.phone}', { type: 'text' }],
  ['a sum', '`${form.phone} + 1`', undefined],
  ['a comparison', "`${form.phone} == '1'`", { type: 'boolean' }],
  ['a list', ['${form.phone}'], { type: 'choices' }],
  ['an object', { number: '${form.phone}' }, undefined],
  ['itself', '${form.phone}', { type: 'phone', required: true }],
])('what is submitted of an input is %s', async (_, value, field) => {
  const phone = { type: 'TextInput', 'input-type': 'phone', name: 'phone', label: 'Phone', required: true }
  const json = asking([phone], [{ it: value }])
  const { fields } = screenOf(json) as { fields?: { it?: { type: string } } }
  if (field) expect(fields?.it).toEqual(field)
  else expect(fields?.it?.type).not.toBe('phone')
  expect(await mistakesOf(JSON.stringify(json))).toEqual([])
})

test('an object is a range of dates if it has both ends', () => {
  const calendar = { type: 'CalendarPicker', mode: 'range', name: 'stay', label: 'Stay' }
  const { fields } = screenOf(
    asking(
      [calendar],
      [
        { stay: '${form.stay}', other: { from: 1 } },
        { stay: { 'start-date': '2026-01-01', 'end-date': '2026-01-02' } },
      ],
    ),
  ) as { fields: object }
  expect(fields).toEqual({ stay: { type: 'date_range' } })
})

test('an example that would mean something in a config is written such that it means itself', async () => {
  const string = (example: string) => ({ type: 'string', __example__: example })
  const json = asking([], [{}], {
    plain: string('Hello'),
    holes: string('Dear {{ name }}'),
    look: { type: 'object', properties: { expr: { type: 'string' } }, __example__: { expr: 'not one (' } },
    half: { type: 'object', properties: { expr: { type: 'number' } }, __example__: { expr: 5, else: 'é"\\' } },
    error_message: string('Please check'),
  })
  expect(screenOf(json)).toMatchObject({
    data: {
      plain: 'Hello',
      holes: { expr: '"Dear {{ name }}"' },
      look: { expr: '{"expr":"not one ("}' },
      half: { expr: '{"expr":5,"else":"é\\"\\\\"}' },
      error_message: '',
    },
  })
  expect(await mistakesOf(JSON.stringify(json))).toEqual([])
})

test('names that expressions cannot have as they are', async () => {
  const input = (name: string) => ({ type: 'TextInput', name, label: 'It' })
  const send = (...names: string[]) => Object.fromEntries(names.map((name) => [name, `\${form.${name}}`]))
  for (const name of ['1st', 'a-b', 'true', 'in']) {
    const list = {
      ...{ type: 'Dropdown', name: 'part', label: 'Part', 'data-source': [{ id: 'a', title: 'A' }] },
      'on-select-action': { name: 'data_exchange', payload: { part: '${form.part}' } },
    }
    expect(await mistakesOf(JSON.stringify(asking([list, input(name)], [send(name, 'part')])))).toEqual([])
  }
})
