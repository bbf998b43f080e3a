import type { Outline } from '../flow/outline.ts'
import { count, settled, total } from '../insight/counts.ts'
import { largest } from '../insight/largest.ts'
import { MOST_ROWS, OTHER } from '../insight/limits.ts'
import type { Period } from './period.ts'
import type { Reader } from './reader.ts'
import { readTallies } from './slices.ts'
import { wholeOf } from './spans.ts'

export type FlowLine = {
  readonly flow: string
  /** Absent when the config has no such flow any more. */
  readonly current?: Omit<Outline, 'choices'>
  /** The versions that sessions of the period began in; of very many the largest, and the rest as `OTHER`. */
  readonly versions: readonly { readonly version: string; readonly sessions: number }[]
}

/** The flows of the config in its order, then those that only sessions tell of. */
export async function flowsReport(reader: Reader, period: Period): Promise<readonly FlowLine[]> {
  const { store, flows } = reader
  const keys = [...new Set([...flows.keys(), ...(await store.flows())])]
  return Promise.all(keys.map((flow) => lineOf(reader, flow, period)))
}

/** Of the names of versions. */
const BYTES = 16_000

async function lineOf(reader: Reader, flow: string, period: Period): Promise<FlowLine> {
  const tallies = await readTallies(reader, { flow, spans: wholeOf(period) }, 'ways')
  const all = new Map(
    tallies.map(({ version, asked }) => [version, total(asked.ways.map((way) => way.completed + way.open + way.lost))]),
  )
  const kept = largest(all, { most: MOST_ROWS.versions, bytes: BYTES })
  const versions = new Map<string, number>()
  for (const [version, sessions] of all) count(versions, kept?.has(version) === false ? OTHER : version, sessions)
  const outline = reader.flows.get(flow)
  return {
    flow,
    ...(outline && {
      current: {
        version: outline.version,
        start: outline.start,
        screens: outline.screens,
        funnel: outline.funnel,
      },
    }),
    versions: Object.entries(settled(versions)).map(([version, sessions]) => ({ version, sessions })),
  }
}
