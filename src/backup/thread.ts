import { sleep } from '../lib/sleep.ts'
import { connectWorker, type Remote, startThread } from '../lib/worker.ts'
import type { BackupCalls } from './worker.ts'

export type Thread = Remote<BackupCalls>

/** `share`: from 0 to 1. `what`: what is done at this moment. */
export type Progress = (share: number, what: string) => void

/** A thread for as long as the work takes. */
export async function withThread<T>(work: (thread: Thread) => Promise<T>): Promise<T> {
  const { remote, close } = connectWorker<BackupCalls>(startThread('backup/worker.ts'))
  try {
    return await work(remote)
  } finally {
    close()
  }
}

/** Looks at how far the work is, again and again until it ends. */
export async function watched<T>(work: Promise<T>, look: () => Promise<void> | void): Promise<T> {
  const ended = new AbortController()
  const done = work.finally(() => ended.abort())
  // Whoever awaits it below hears of its failure.
  done.catch(() => {})
  while (!ended.signal.aborted) {
    await look()
    await sleep(LOOK_EVERY_MS, ended.signal)
  }
  return done
}

const LOOK_EVERY_MS = 200
