/** Runs the work when it is its turn; undefined, and nothing is run, when too many wait already. */
export type ConcurrencyLimit = <T>(work: () => Promise<T>, lane?: Lane) => Promise<T> | undefined

/** Who waits in `first` goes before all who wait in `last`, and each lane has a length of its own. */
export type Lane = 'first' | 'last'

/** Lets so many work at once, and so many wait in each lane. */
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
