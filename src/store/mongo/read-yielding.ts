import { yieldToEventLoop } from '../../lib/yield-to-event-loop.ts'

/**
 * One after the other, where there may be very many. They come in large answers, as each takes a way over the network; but to unpack
 * all of one at once would keep everybody else waiting, so after `atOnce` of them others have their turn.
 */
export async function* readYielding<T>(found: AsyncIterable<T>, atOnce: number): AsyncGenerator<T> {
  let unpacked = 0
  for await (const each of found) {
    if (++unpacked % atOnce === 0) await yieldToEventLoop()
    yield each
  }
}
