/** Milliseconds since the epoch. Passed in, so that tests can set it. */
export type Clock = () => number

/** Milliseconds with a fraction, unaffected by changes of the wall clock. */
export type Stopwatch = () => number

export const systemClock: Clock = () => Date.now()
export const systemStopwatch: Stopwatch = () => performance.now()

/** The processor time of this thread since its start, milliseconds. */
export function threadCpuTime(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}
