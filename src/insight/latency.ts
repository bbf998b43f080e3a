// How long we kept people waiting, and whether those who waited longer left more often.

import { LOAD_BUCKETS, type LoadBucket } from '../rollup/load-bucket.ts'
import { LOAD_PREFIX } from '../rollup/session-aggregate.ts'
import type { SessionStatistics } from '../rollup/session-statistics.ts'
import { type Rate, rateOf } from '../stats/interval.ts'
import { type Spread, spreadOf } from './friction.ts'

export type ScreenLatency = {
  readonly screen: string
  /** Our time over the request that brought the screen, and over those sent from it, of which `upstreamMs` for outside APIs. */
  readonly loadMs: Spread
  readonly answerMs: Spread
  readonly upstreamMs: Spread
  /** Sessions by how long the screen took to load when they had it last; steps in which none were are left out. */
  readonly dropOffByLoad: readonly {
    readonly bucket: LoadBucket
    /** Of these, `open` are on the screen still. */
    readonly sessions: number
    readonly open: number
    /** The share that was lost here, of those that are not open here. */
    readonly dropOff: Rate
  }[]
}

/** In the order of the screens' names. */
export const latencyOf = ({ screens, factors }: SessionStatistics): ScreenLatency[] =>
  Object.entries(screens).map(([screen, { loadMs, answerMs, upstreamMs }]) => ({
    screen,
    loadMs: spreadOf(loadMs),
    answerMs: spreadOf(answerMs),
    upstreamMs: spreadOf(upstreamMs),
    dropOffByLoad: LOAD_BUCKETS.flatMap((bucket) => {
      const outcomes = factors[screen]?.[`${LOAD_PREFIX}${bucket}`]
      if (!outcomes) return []
      const { completed: wentOn, open, lost } = outcomes
      return [{ bucket, sessions: wentOn + open + lost, open, dropOff: rateOf(lost, wentOn + lost) }]
    }),
  }))
