import type { Config } from '../config/schema.ts'
import type { Outline } from '../flow/outline.ts'
import type { Rollups } from '../rollup/rollups.ts'
import type { Store } from '../store/store.ts'

/** What reports read. The config and the flows are plain data. */
export type ReportDeps = {
  readonly store: Store
  readonly rollups: Pick<Rollups, 'sessionStatistics' | 'eventAggregates'>
  readonly config: { readonly server: Pick<Config['server'], 'timezone'>; readonly session: Config['session'] }
  readonly flows: ReadonlyMap<string, Outline>
}

/** A report describes the state as of `now`. */
export type ReportContext = ReportDeps & {
  readonly now: number
  readonly lostAfterMs: number
  readonly timezone: string
}

export const contextOf = (deps: ReportDeps, now: number): ReportContext => ({
  ...deps,
  now,
  lostAfterMs: deps.config.session.lost_after,
  timezone: deps.config.server.timezone,
})
