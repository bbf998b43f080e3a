// How long people waited for each screen, and whether people who waited longer left more often.

import { LOAD_BUCKETS } from '../rollup/load-bucket.ts'
import { LOAD_PREFIX } from '../rollup/session-aggregate.ts'
import type { SessionStatistics } from '../rollup/session-statistics.ts'
import { rateOf } from '../stats/interval.ts'
import { sessionCountOf } from './endings.ts'
import type { ScreenLatency } from './shapes.ts'
import { spreadOf } from './spread.ts'

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
