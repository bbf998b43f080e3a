// Who is next, when more is to be done than can be at once: nobody has more than one place, however much they bring.

/** What may wait, in all and for one owner; `size` is in the owner's own unit. */
export type QueueLimits = { readonly places: number; readonly jobs: number; readonly size: number }

export type FairQueue<Job, Result> = {
  /** Works on it when its turn comes; undefined where the line is full. Rejects as the work does. */
  join(owner: string, job: Job): Promise<Result> | undefined
  /** All of this owner's that still wait end with this result. */
  dismiss(owner: string, result: Result): void
}

export function createFairQueue<Job extends { readonly size: number }, Result>(
  { places, jobs, size }: QueueLimits,
  work: (owner: string, job: Job) => Promise<Result>,
): FairQueue<Job, Result> {
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
    join(owner, job) {
      if (isFull(owner, job.size)) return undefined
      const result = new Promise<Result>((settle) => waiting.push({ owner, job, settle }))
      serve()
      return result
    },
    dismiss(owner, result) {
      const leaving = waiting.filter((entry) => entry.owner === owner)
      waiting = waiting.filter((entry) => entry.owner !== owner)
      for (const { settle } of leaving) settle(result)
    },
  }
}

const sizeOf = (entries: readonly { readonly job: { readonly size: number } }[]): number =>
  entries.reduce((sum, { job }) => sum + job.size, 0)
