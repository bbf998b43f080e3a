/** The present, in milliseconds since the epoch. Passed in wherever time matters, so that tests can set it. */
export type Clock = () => number

/** A stopwatch in milliseconds with a fraction, unaffected by changes of the wall clock. */
export type Stopwatch = () => number

export const systemClock: Clock = () => Date.now()
export const systemStopwatch: Stopwatch = () => performance.now()
