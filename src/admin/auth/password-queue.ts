// Hashing beside people who fill in forms: on a thread of its own, one at a time, with a short line before it.

import { createConcurrencyLimit, type Lane } from '../../lib/concurrency-limit.ts'
import { type Connection, connectWorker, startThread } from '../../lib/worker.ts'
import type { PasswordCalls } from './password-worker.ts'

export type PasswordQueue = {
  /** For somebody who is let in already. */
  hash(password: string): Promise<string | Busy>
  /** Takes as long without a hash. `lane`: `first` for a browser that is known, so that no crowd of strangers keeps it waiting. */
  verify(password: string, hash: string | undefined, lane: Lane): Promise<boolean | Busy>
  /** Idempotent. */
  close(): void
}

/** So many wait already that waiting as well makes no sense. */
export type Busy = 'busy'

/** Who comes last in a full line waits a second or two. */
const LINE = 8

export function createPasswordQueue(): PasswordQueue {
  const turns = createConcurrencyLimit({ atOnce: 1, waiting: LINE })
  let thread: Connection<PasswordCalls> | undefined

  /** Started with the first password, and anew should it have died. */
  const remote = () => {
    thread ??= connectWorker<PasswordCalls>(startThread('admin/auth/password-worker.ts'), () => {
      thread = undefined
    })
    return thread.remote
  }
  return {
    hash: async (password) => (await turns(() => remote().hash(password), 'first')) ?? 'busy',
    verify: async (password, hash, lane) => (await turns(() => remote().verify(password, hash), lane)) ?? 'busy',
    close: () => thread?.close(),
  }
}
