import type { Outline } from '../flow/outline.ts'
import { largest } from '../rollup/largest-names.ts'
import { MOST_ROWS, OTHER } from '../rollup/limits.ts'
import { count, toCounts, total } from '../stats/counts.ts'
import type { ReportContext } from './context.ts'
import { wholeOf } from './labelled-spans.ts'
import type { Period } from './period.ts'
import { readStatistics } from './slices.ts'

export type FlowLine = {
  readonly flow: string
  /** Absent when the config has no such flow any more. */
  readonly current?: Omit<Outline, 'choices'>
  /** The versions that sessions of the period began in; of very many the largest, and the rest as `OTHER`. */
  readonly versions: readonly { readonly version: string; readonly sessions: number }[]
}

/** The flows of the config in its order, then those that only sessions tell of. */
export async function flowsReport(reader: ReportContext, period: Period): Promise<readonly FlowLine[]> {
  const { store, flows } = reader
  const keys = [...new Set([...flows.keys(), ...(await store.flows())])]
  return Promise.all(keys.map((flow) => lineOf(reader, flow, period)))
}

/** Of the names of versions. */
const BYTES = 16_000

async function lineOf(reader: ReportContext, flow: string, period: Period): Promise<FlowLine> {
  const statistics = await readStatistics(reader, { flow, spans: wholeOf(period) }, 'paths')
  const all = new Map(
    statistics.map(({ version, statistics }) => [
      version,
      total(statistics.paths.map((path) => path.completed + path.open + path.lost)),
    ]),
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
    versions: Object.entries(toCounts(versions)).map(([version, sessions]) => ({ version, sessions })),
  }
}
