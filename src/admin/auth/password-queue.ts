// Hashes passwords on a thread of its own, one at a time, with a short queue.

import { createConcurrencyLimit, type Lane } from '../../lib/concurrency-limit.ts'
import { type Connection, connectWorker, startThread } from '../../lib/worker.ts'
import type { PasswordCalls } from './password-worker.ts'

export type PasswordQueue = {
  /** For people who are already authenticated; they go first in the queue. */
  hash(password: string): Promise<string | Busy>
  /** Takes as long without a hash. `lane`: `first` for a known browser, so that it does not wait behind strangers. */
  verify(password: string, hash: string | undefined, lane: Lane): Promise<boolean | Busy>
  /** Idempotent. */
  close(): void
}

/** The queue is full. */
export type Busy = 'busy'

/** The last of a full queue waits one to two seconds. */
const MAX_WAITING = 8

export function createPasswordQueue(): PasswordQueue {
  const limit = createConcurrencyLimit({ atOnce: 1, waiting: MAX_WAITING })
  let thread: Connection<PasswordCalls> | undefined

  /** Starts the thread with the first password, and again after a crash. */
  const remote = () => {
    thread ??= connectWorker<PasswordCalls>(startThread('admin/auth/password-worker.ts'), () => {
      thread = undefined
    })
    return thread.remote
  }
  return {
    hash: async (password) => (await limit(() => remote().hash(password), 'first')) ?? 'busy',
    verify: async (password, hash, lane) => (await limit(() => remote().verify(password, hash), lane)) ?? 'busy',
    close: () => thread?.close(),
  }
}
