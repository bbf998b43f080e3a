// Flow JSONs for tests: those of whole flows, and those of one kind each that businesses write, of all versions.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FlowJson, Screen } from '../src/flow-json/flow-json.ts'
import { readFlowJson } from '../src/flow-json/read-flow-json.ts'

const FLOWS = join(import.meta.dir, 'flows')

/** Without the extension of those in `json/`: `otp`, `json/survey-2.1`. */
export const FLOW_JSONS: readonly string[] = [
  ...readdirSync(FLOWS).filter((name) => existsSync(join(FLOWS, name, 'flow.json'))),
  ...readdirSync(join(FLOWS, 'json')).map((file) => `json/${file.replace(/\.json$/, '')}`),
].toSorted()

export const flowJsonText = (name: string): string =>
  readFileSync(join(FLOWS, name.startsWith('json/') ? `${name}.json` : join(name, 'flow.json')), 'utf8')

/** Throws its mistakes. */
export const flowJsonNamed = (name: string): FlowJson => flowJsonOf(flowJsonText(name))

export function flowJsonOf(json: string | object): FlowJson {
  const result = readFlowJson(typeof json === 'string' ? json : JSON.stringify(json), 'flow.json')
  if (result.ok) return result.flowJson
  throw new Error(result.mistakes.map(({ line, column, message }) => `${line}:${column} ${message}`).join('\n'))
}

export function screenOf(flowJson: FlowJson, id: string): Screen {
  const screen = flowJson.screens.get(id)
  if (!screen) throw new Error(`no screen ${id}`)
  return screen
}

/** The one screen of a flow, with these components. */
export const onlyScreen = (children: readonly object[], data: object) => ({
  id: 'ONLY',
  terminal: true,
  data,
  layout: { type: 'SingleColumnLayout', children },
})

/** A flow of one screen that has these components and this data, and ends on the phone. */
export const oneScreen = (components: readonly object[], data: object = {}, version = '7.3') => ({
  version,
  screens: [
    onlyScreen(
      [...components, { type: 'Footer', label: 'Send', 'on-click-action': { name: 'complete', payload: {} } }],
      data,
    ),
  ],
})
