import { mapConcurrent } from '../../lib/map-concurrent.ts'
import { type Joined, joined, type Part } from '../../rollup/answer.ts'

/**
 * One question for each run of spans that touch, and a few at a time: there are hundreds of runs where midnight is at half an hour.
 * Others have questions, too, and what the answers hold would all be in memory at once.
 */
export const readRuns = (spans: readonly Part[], read: (run: Joined) => Promise<void>): Promise<void> =>
  mapConcurrent(RUNS_AT_ONCE, joined(spans), read)

const RUNS_AT_ONCE = 4
