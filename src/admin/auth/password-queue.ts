// Hashes passwords on a thread of its own, one at a time, with a short queue.

import PQueue from 'p-queue'
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

/** The lane is full. */
export type Busy = 'busy'

type Lane = 'first' | 'last'

/** In each lane. The last of a full one waits one to two seconds. */
const MAX_WAITING = 8

export function createPasswordQueue(): PasswordQueue {
  const queue = new PQueue({ concurrency: 1 })
  let thread: Connection<PasswordCalls> | undefined

  /** Starts the thread with the first password, and again after a crash. */
  const remote = () => {
    thread ??= connectWorker<PasswordCalls>(startThread('admin/auth/password-worker.ts'), () => {
      thread = undefined
    })
    return thread.remote
  }
  const inTurn = async <T>(lane: Lane, work: () => Promise<T>): Promise<T | Busy> => {
    const priority = lane === 'first' ? 1 : 0
    return queue.sizeBy({ priority }) < MAX_WAITING ? queue.add(work, { priority }) : 'busy'
  }
  return {
    hash: (password) => inTurn('first', () => remote().hash(password)),
    verify: (password, hash, lane) => inTurn(lane, () => remote().verify(password, hash)),
    close: () => thread?.close(),
  }
}
