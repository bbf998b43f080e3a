import { yieldToEventLoop } from '../../lib/yield-to-event-loop.ts'

/** The same items, with a pause after every `atOnce`: to unpack a large answer in one go would block the thread. */
export async function* readYielding<T>(found: AsyncIterable<T>, atOnce: number): AsyncGenerator<T> {
  let unpacked = 0
  for await (const each of found) {
    if (++unpacked % atOnce === 0) await yieldToEventLoop()
    yield each
  }
}
