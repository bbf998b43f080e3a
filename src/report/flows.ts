import type { Outline } from '../flow/outline.ts'
import { settled, total } from '../insight/counts.ts'
import type { Period } from './period.ts'
import type { Reader } from './reader.ts'
import { readTallies } from './slices.ts'
import { wholeOf } from './spans.ts'

export type FlowLine = {
  readonly flow: string
  /** Absent when the config has no such flow any more. */
  readonly current?: Omit<Outline, 'choices'>
  /** The versions that sessions of the period began in. */
  readonly versions: readonly { readonly version: string; readonly sessions: number }[]
}

/** The flows of the config in its order, then those that only sessions tell of. */
export async function flowsReport(reader: Reader, period: Period): Promise<readonly FlowLine[]> {
  const { store, flows } = reader
  const keys = [...new Set([...flows.keys(), ...(await store.flows())])]
  return Promise.all(keys.map((flow) => lineOf(reader, flow, period)))
}

async function lineOf(reader: Reader, flow: string, period: Period): Promise<FlowLine> {
  const tallies = await readTallies(reader, { flow, spans: wholeOf(period) }, 'ways')
  const versions = new Map(
    tallies.map(({ version, asked }) => [version, total(asked.ways.map((way) => way.completed + way.open + way.lost))]),
  )
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
