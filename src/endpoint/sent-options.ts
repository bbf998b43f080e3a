// The options that we sent: what people can choose where the config does not list it. Known to this process, and not for ever.

import { LRUCache } from 'lru-cache'

export type SentOptions = {
  note(flow: string, options: readonly string[]): void
  has(flow: string, option: string): boolean
}

/** Those that were not sent for longest are forgotten first. */
const REMEMBERED = 20_000
/** Characters. The field policy would not keep a longer one by itself. */
const LONGEST = 40

export function createSentOptions(): SentOptions {
  const sent = new LRUCache<string, true>({ max: REMEMBERED })
  const keyOf = (flow: string, option: string) => `${flow}\n${option}`
  return {
    note(flow, options) {
      for (const option of options) if (option.length <= LONGEST) sent.set(keyOf(flow, option), true)
    },
    has: (flow, option) => sent.has(keyOf(flow, option)),
  }
}
