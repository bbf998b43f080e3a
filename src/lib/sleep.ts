import { setTimeout } from 'node:timers/promises'

/** Resolves after this time (milliseconds), or as soon as the signal aborts. */
export const sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
  setTimeout(ms, undefined, signal && { signal }).catch(() => {})
