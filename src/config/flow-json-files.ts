// Reads the Flow JSON of each flow that names one.

import { readFile } from 'node:fs/promises'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import type { FlowJsonSource } from '../flow/holding.ts'
import { type FlowJsonResult, readFlowJson } from '../flow-json/read-flow-json.ts'
import { isObject } from '../lib/json.ts'
import type { SchemaFinding } from './explain-issues.ts'
import { whyUnreadable } from './file-reason.ts'
import type { Interpolation } from './interpolate.ts'

export type FlowJsonFiles = Awaited<ReturnType<typeof readFlowJsons>>

/** `configFile`: as people named it; Flow JSONs are named from there, too. A file of several flows is read once. */
export async function readFlowJsons(
  flows: { readonly [key: string]: unknown },
  configFile: string,
  { referenceAt }: Pick<Interpolation, 'referenceAt'>,
) {
  const folder = dirname(configFile)
  const results = new Map<string, FlowJsonResult>()
  const sources = new Map<string, FlowJsonSource>()
  const problems: SchemaFinding[] = []
  for (const [key, flow] of Object.entries(flows)) {
    const name = isObject(flow) ? flow.flow_json : undefined
    if (typeof name !== 'string' || name === '') continue
    const file = isAbsolute(name) ? name : join(folder, name)
    const path = ['flows', key, 'flow_json']
    try {
      const result = results.get(file) ?? readFlowJson(await readFile(resolve(file), 'utf8'), file)
      results.set(file, result)
      if (result.ok) sources.set(key, { flowJson: result.flowJson, file })
    } catch (error) {
      const message = `cannot read the Flow JSON ${referenceAt(path) ?? name}: ${whyUnreadable(error)}`
      problems.push({ path, at: 'value', message })
    }
  }
  const all = [...results.values()]
  return {
    /** By flow; only those that could be read. */
    sources: sources as ReadonlyMap<string, FlowJsonSource>,
    /** In the config: files that cannot be read. */
    problems,
    /** In the files themselves. */
    mistakes: all.flatMap((result) => (result.ok ? [] : result.mistakes)),
    notes: all.flatMap((result) => (result.ok ? result.notes : [])),
  }
}
