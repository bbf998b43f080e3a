/** Milliseconds since the epoch. Passed in, so that tests can set it. */
export type Clock = () => number

/** Milliseconds with a fraction, unaffected by changes of the wall clock. */
export type Stopwatch = () => number

export const systemClock: Clock = () => Date.now()
export const systemStopwatch: Stopwatch = () => performance.now()
