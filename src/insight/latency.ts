// How long people waited for each screen, and whether people who waited longer left more often.

import { LOAD_BUCKETS, type LoadBucket } from '../rollup/load-bucket.ts'
import { LOAD_PREFIX } from '../rollup/session-aggregate.ts'
import type { SessionStatistics } from '../rollup/session-statistics.ts'
import { type Rate, rateOf } from '../stats/interval.ts'
import { sessionCountOf } from './endings.ts'
import { type Spread, spreadOf } from './spread.ts'

export type ScreenLatency = {
  readonly screen: string
  /** Our time over the request that brought the screen. */
  readonly loadMs: Spread
  /** Our time over the requests from the screen, and the part of it that outside APIs took. */
  readonly answerMs: Spread
  readonly upstreamMs: Spread
  /** Sessions by how long the screen took to load the last time; buckets without sessions are left out. */
  readonly dropOffByLoad: readonly {
    readonly bucket: LoadBucket
    readonly sessions: number
    /** Sessions that are still on the screen. */
    readonly open: number
    /** The share of sessions that left here, among the sessions that are not open here. */
    readonly dropOff: Rate
  }[]
}

/** By the names of the screens. */
export const latencyOf = ({ screens, factors }: SessionStatistics): ScreenLatency[] =>
  Object.entries(screens).map(([screen, { loadMs, answerMs, upstreamMs }]) => ({
    screen,
    loadMs: spreadOf(loadMs),
    answerMs: spreadOf(answerMs),
    upstreamMs: spreadOf(upstreamMs),
    dropOffByLoad: LOAD_BUCKETS.flatMap((bucket) => {
      const endings = factors[screen]?.[`${LOAD_PREFIX}${bucket}`]
      if (!endings) return []
      // In factors, sessions that went on from the screen count as completed.
      const { completed: wentOn, open, lost } = endings
      return [{ bucket, sessions: sessionCountOf(endings), open, dropOff: rateOf(lost, wentOn + lost) }]
    }),
  }))
