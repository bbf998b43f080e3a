// A queue in which no owner runs more than one job at a time.

/** How many jobs run at once, and how many may wait with which total size: one owner at most half of these. */
type QueueLimits = { readonly places: number; readonly jobs: number; readonly size: number }

export function createFairQueue<Job extends { readonly size: number }, Result>(
  { places, jobs, size }: QueueLimits,
  work: (owner: string, job: Job) => Promise<Result>,
) {
  type Waiting = {
    readonly owner: string
    readonly job: Job
    readonly settle: (result: Result | Promise<Result>) => void
  }
  let waiting: Waiting[] = []
  const served = new Set<string>()

  const isFull = (owner: string, more: number): boolean => {
    const own = waiting.filter((entry) => entry.owner === owner)
    return (
      waiting.length >= jobs || own.length >= jobs / 2 || sizeOf(waiting) + more > size || sizeOf(own) + more > size / 2
    )
  }
  const serve = () => {
    const next = served.size < places ? waiting.find(({ owner }) => !served.has(owner)) : undefined
    if (!next) return
    const { owner, job, settle } = next
    waiting = waiting.filter((entry) => entry !== next)
    served.add(owner)
    settle(
      work(owner, job).finally(() => {
        served.delete(owner)
        serve()
      }),
    )
    serve()
  }

  return {
    /** Resolves and rejects like the work; undefined if the queue is full. */
    join(owner: string, job: Job): Promise<Result> | undefined {
      if (isFull(owner, job.size)) return undefined
      const result = new Promise<Result>((settle) => waiting.push({ owner, job, settle }))
      serve()
      return result
    },
    /** Settles this owner's waiting jobs with this result. */
    dismiss(owner: string, result: Result): void {
      const leaving = waiting.filter((entry) => entry.owner === owner)
      waiting = waiting.filter((entry) => entry.owner !== owner)
      for (const { settle } of leaving) settle(result)
    },
  }
}

const sizeOf = (entries: readonly { readonly job: { readonly size: number } }[]): number =>
  entries.reduce((sum, { job }) => sum + job.size, 0)
