/**
 * Rest per unit of work while more is left, up to a limit: a tenth of a core while runs take about a second or less. Longer runs
 * take a larger share, but they mostly wait for the store.
 */
const REST = 9
const LONGEST_REST_MS = 10_000

/** Milliseconds of rest after so many of work. */
export const restAfter = (tookMs: number): number => Math.min(REST * tookMs, LONGEST_REST_MS)
