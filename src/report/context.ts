import type { Config } from '../config/schema.ts'
import type { Outline } from '../flow/outline.ts'
import type { Rollups } from '../rollup/rollups.ts'
import type { Store } from '../store/store.ts'

/** What reports read. The config and the flows are plain data. */
export type ReportDeps = {
  readonly store: Store
  readonly rollups: Pick<Rollups, 'sessionStatistics' | 'screenExits' | 'eventAggregates'>
  readonly config: { readonly server: Pick<Config['server'], 'timezone'>; readonly session: Config['session'] }
  readonly flows: ReadonlyMap<string, Outline>
}

/** A report describes the state as of `now`. */
export type ReportContext = ReportDeps & {
  readonly now: number
  readonly lostAfterMs: number
  readonly timezone: string
}

/** As far as the Flow JSON says them. */
export const titlesOf = ({ flows }: Pick<ReportContext, 'flows'>, flow: string): Outline['titles'] =>
  flows.get(flow)?.titles ?? {}

/** Days that ended by then are settled: who has done nothing since counts as lost. Later days know their completions, and not all losses. */
export const settledUntil = ({ now, lostAfterMs }: Pick<ReportContext, 'now' | 'lostAfterMs'>): number =>
  now - lostAfterMs

/** The flows that have sessions and are not in the config. */
export const otherFlows = async ({
  flows,
  store,
}: Pick<ReportContext, 'flows' | 'store'>): Promise<readonly string[]> =>
  (await store.flows()).filter((flow) => !flows.has(flow))

export const contextOf = (deps: ReportDeps, now: number): ReportContext => ({
  ...deps,
  now,
  lostAfterMs: deps.config.session.lost_after,
  timezone: deps.config.server.timezone,
})
