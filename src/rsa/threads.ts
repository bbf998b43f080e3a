// Threads that unwrap keys. They start on first use; one that dies is replaced, and its calls go to another.

import { availableParallelism } from 'node:os'
import PQueue from 'p-queue'
import { type Connection, connectWorker, startThread } from '../lib/worker.ts'
import { WRAPPED_BYTES } from '../wire/keys.ts'
import { type NativeKey, SLOT_BYTES } from './libcrypto.ts'
import type { UnwrapCalls } from './worker.ts'

export type UnwrapThreads = {
  /** `key`: its index. `wrapped`: of WRAPPED_BYTES. Rejects after `close`, or if a second thread dies of it, too. */
  unwrap(key: number, wrapped: Uint8Array): Promise<Buffer | undefined>
  /** Idempotent. */
  close(): Promise<void>
}

type Thread = {
  readonly connection: Connection<UnwrapCalls>
  readonly slots: Uint8Array
  /** Numbers of the free ones. */
  readonly free: number[]
}

const MOST_THREADS = Math.min(4, availableParallelism())

/** Calls of one thread at once; later ones wait. */
const SLOTS = 64

/** Every millisecond counts here, so calls leave with each turn of the event loop. */
const PACE_MS = 0

const connectThread = (onEnd: () => void): Connection<UnwrapCalls> =>
  connectWorker<UnwrapCalls>(startThread('rsa/worker.ts', { smol: true }), onEnd, PACE_MS)

export function createUnwrapThreads(keys: readonly NativeKey[], connect = connectThread): UnwrapThreads {
  const threads = new Set<Thread>()
  const queue = new PQueue({ concurrency: MOST_THREADS * SLOTS })
  let closing: Promise<void> | undefined

  const start = (): Thread => {
    const shared = new SharedArrayBuffer(SLOTS * SLOT_BYTES)
    const thread: Thread = {
      connection: connect(() => threads.delete(thread)),
      slots: new Uint8Array(shared),
      free: Array.from({ length: SLOTS }, (_, slot) => slot),
    }
    threads.add(thread)
    // Where it cannot, neither can the call that follows.
    thread.connection.remote.open(keys, shared).catch(() => {})
    return thread
  }

  /** The idlest; another one while none is idle. There is always a free slot, as the queue admits no more calls than that. */
  const choose = (): Thread => {
    const [idlest] = [...threads].toSorted((a, b) => b.free.length - a.free.length)
    if (idlest && (idlest.free.length === SLOTS || threads.size >= MOST_THREADS)) return idlest
    return start()
  }

  const unwrapOnce = async (key: number, wrapped: Uint8Array): Promise<Buffer | undefined> => {
    if (closing) throw new Error('the keys are closed')
    const { connection, slots, free } = choose()
    const slot = free.pop() as number
    const shared = slots.subarray(slot * SLOT_BYTES, (slot + 1) * SLOT_BYTES)
    try {
      shared.set(wrapped)
      const length = await connection.remote.unwrap(key, slot)
      return length < 0 ? undefined : Buffer.from(shared.slice(WRAPPED_BYTES, WRAPPED_BYTES + length).buffer)
    } catch (error) {
      connection.close()
      throw error
    } finally {
      shared.fill(0)
      free.push(slot)
    }
  }

  const close = async () => {
    await Promise.allSettled([...threads].map(({ connection }) => connection.remote.close()))
    for (const { connection } of threads) connection.close()
  }

  return {
    unwrap: (key, wrapped) =>
      queue.add(() => unwrapOnce(key, wrapped).catch(() => unwrapOnce(key, wrapped))) as Promise<Buffer | undefined>,
    close: () => (closing ??= close()),
  }
}
