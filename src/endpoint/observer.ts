// Looks at what a tap let pass after the person has the reply, as far as there is time and room.

import PQueue from 'p-queue'
import type { LogLines } from '../lib/rate-limited-log.ts'
import { redactError } from '../lib/redact-error.ts'
import { answeredWithin } from '../lib/with-timeout.ts'
import type { EndpointMetrics } from './endpoint-metrics.ts'
import type { Observe } from './observe.ts'
import type { Tapped } from './tap.ts'

export type Observer = {
  /** What comes while too much waits is not looked at, and counted. */
  see(tapped: Tapped): void
  /** Resolves when nothing waits. */
  settled(): Promise<void>
  /** How many wait, or are being looked at. */
  waiting(): number
  /** Waits so long (milliseconds) until nothing waits, and logs what still does. */
  end(patienceMs: number): Promise<void>
}

type ObserverDeps = {
  readonly observe: Observe
  readonly metrics: Pick<EndpointMetrics, 'observeReply' | 'observeUnseen'>
  readonly log: LogLines
}

/** At a time: while the store or an API hangs, each can wait for it. */
const AT_A_TIME = 16

/** What waits, by number and bytes. */
const MAX_WAITING = 10_000
const MAX_WAITING_BYTES = 64 * 1024 * 1024

export function createObserver({ observe, metrics, log }: ObserverDeps): Observer {
  const queue = new PQueue({ concurrency: AT_A_TIME })
  let waitingBytes = 0
  const waiting = () => queue.size + queue.pending

  const noteReply = ({ flow, status, ms }: Tapped, isPing: boolean) =>
    metrics.observeReply({ flow: flow.key, status, ms, isPing })

  const look = async (tapped: Tapped): Promise<void> => {
    const isPing = await observe(tapped).catch((error: unknown) => {
      const { key } = tapped.flow
      metrics.observeUnseen(key)
      log.error({ fault: redactError(error), flow: key }, 'a tapped request could not be looked at')
      return false
    })
    noteReply(tapped, isPing)
  }

  return {
    see(tapped) {
      const bytes = tapped.request.byteLength + (tapped.reply?.bytes.byteLength ?? 0)
      if (queue.size >= MAX_WAITING || waitingBytes + bytes > MAX_WAITING_BYTES) {
        const { key } = tapped.flow
        metrics.observeUnseen(key)
        noteReply(tapped, false)
        log.warn({ flow: key }, 'too many tapped requests wait; some are not on the trail')
        return
      }
      waitingBytes += bytes
      void queue
        .add(() => look(tapped))
        .finally(() => {
          waitingBytes -= bytes
        })
    },
    settled: () => queue.onIdle(),
    waiting,
    async end(patienceMs) {
      await answeredWithin(patienceMs, queue.onIdle())
      if (waiting() > 0)
        log.warn({ unseen: waiting() }, 'tapped requests still waited at the end, and are not on the trail')
    },
  }
}
