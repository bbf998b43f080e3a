// The options that this process sent and the config does not list; the oldest are forgotten.

import { LRUCache } from 'lru-cache'

/** Characters. The field policy keeps no longer ones. */
const LONGEST = 40

export type SentOptions = ReturnType<typeof createSentOptions>

export function createSentOptions() {
  const sent = new LRUCache<string, true>({ max: 20_000 })
  const keyOf = (flow: string, option: string) => `${flow}\n${option}`
  return {
    add(flow: string, options: readonly string[]): void {
      for (const option of options) if (option.length <= LONGEST) sent.set(keyOf(flow, option), true)
    },
    has: (flow: string, option: string): boolean => sent.has(keyOf(flow, option)),
  }
}
