/** Runs the work when its turn comes; returns undefined without running it when too many wait already. */
export type ConcurrencyLimit = <T>(work: () => Promise<T>, lane?: Lane) => Promise<T> | undefined

/** Work in `first` goes before all work in `last`; each lane has its own limit. */
export type Lane = 'first' | 'last'

/** Lets `atOnce` work at the same time, and `waiting` wait in each lane. */
export function createConcurrencyLimit({
  atOnce,
  waiting,
}: {
  readonly atOnce: number
  readonly waiting: number
}): ConcurrencyLimit {
  const lanes: { readonly [lane in Lane]: (() => void)[] } = { first: [], last: [] }
  let working = 0

  const run = async <T>(work: () => Promise<T>): Promise<T> => {
    working++
    try {
      return await work()
    } finally {
      working--
      const next = lanes.first.shift() ?? lanes.last.shift()
      next?.()
    }
  }

  return (work, lane = 'last') => {
    if (working < atOnce) return run(work)
    if (lanes[lane].length >= waiting) return undefined
    return new Promise((resolve, reject) => {
      lanes[lane].push(() => void run(work).then(resolve, reject))
    })
  }
}
