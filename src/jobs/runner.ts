// Runs jobs beside the work of the server, each with a small part of one core.

import type { Stopwatch } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { sleep } from '../lib/sleep.ts'
import { restAfter } from './rest.ts'

export type Job = {
  readonly name: string
  /** The pause after each run that is done; milliseconds. */
  readonly everyMs: number
  /** The pause before the first run; `everyMs` unless told. */
  readonly firstMs?: number
  /** `isDone: false`: more is left to do, so that the next run comes sooner. */
  run(): Promise<{ readonly isDone: boolean }>
}

const RETRY_MS = 30_000

/** Runs the jobs until they are stopped; `stop` resolves when the runs under way have ended. Idempotent. */
export function startJobs(
  jobs: readonly Job[],
  { stopwatch, log }: { readonly stopwatch: Stopwatch; readonly log: Log },
): { stop(): Promise<void> } {
  const controller = new AbortController()
  const { signal } = controller

  const keepRunning = async ({ name, everyMs, firstMs = everyMs, run }: Job): Promise<void> => {
    let isFailing = false
    const runOnce = async (): Promise<number> => {
      const started = stopwatch()
      try {
        const { isDone } = await run()
        if (isFailing) log.info({ job: name }, 'a job works again')
        isFailing = false
        return isDone ? everyMs : restAfter(stopwatch() - started)
      } catch (error) {
        if (!isFailing && !signal.aborted) log.warn({ err: error, job: name }, 'a job fails; it is tried again')
        isFailing = true
        return Math.max(RETRY_MS, everyMs)
      }
    }
    for (let pauseMs = firstMs; ; pauseMs = await runOnce()) {
      await sleep(pauseMs, signal)
      if (signal.aborted) return
    }
  }

  const running = Promise.all(jobs.map(keepRunning))
  return {
    async stop() {
      controller.abort()
      await running
    },
  }
}
