import type { Config } from '../config/schema.ts'
import type { Outline } from '../flow/outline.ts'
import type { Rollups } from '../rollup/rollups.ts'
import type { Store } from '../store/store.ts'

/** What reports are made from. All but the store is plain data. */
export type ReportDeps = {
  readonly store: Store
  readonly rollups: Pick<Rollups, 'sessionStatistics' | 'eventAggregates'>
  readonly config: { readonly server: Pick<Config['server'], 'timezone'>; readonly session: Config['session'] }
  readonly flows: ReadonlyMap<string, Outline>
}

/** The same at one moment: a report describes the state as of `now`. */
export type ReportContext = ReportDeps & {
  readonly now: number
  readonly lostAfterMs: number
  readonly timezone: string
}

export const contextOf = ({ store, rollups, config, flows }: ReportDeps, now: number): ReportContext => ({
  store,
  rollups,
  config,
  flows,
  now,
  lostAfterMs: config.session.lost_after,
  timezone: config.server.timezone,
})
