import type { Config } from '../config/schema.ts'
import type { Flow } from '../flow/definition.ts'
import type { Clock } from '../lib/clock.ts'
import type { Store } from '../store/store.ts'

/** What reports are made from. */
export type ReportDeps = {
  readonly store: Store
  readonly config: Pick<Config, 'server' | 'session'>
  readonly flows: ReadonlyMap<string, Flow>
  readonly clock: Clock
}

/** The same at one moment: everything that one answer tells is as of `now`. */
export type Reader = Pick<ReportDeps, 'store' | 'config' | 'flows'> & {
  readonly now: number
  readonly lostAfterMs: number
  readonly timezone: string
}

export const readerOf = ({ store, config, flows, clock }: ReportDeps): Reader => ({
  store,
  config,
  flows,
  now: clock(),
  lostAfterMs: config.session.lost_after,
  timezone: config.server.timezone,
})
