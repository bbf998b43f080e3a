// Requests of one session are answered one after the other, so that a second tap finds what the first one did.

/** Of one session. Nobody taps this often; beyond it, requests no longer wait for each other. */
const MAX_WAITING = 8

export type TakeTurn = <Result>(key: string, work: () => Promise<Result>) => Promise<Result>

export function createTurns(): TakeTurn {
  const queues = new Map<string, { last: Promise<unknown>; waiting: number }>()

  return (key, work) => {
    const queue = queues.getOrInsertComputed(key, () => ({ last: Promise.resolve(), waiting: 0 }))
    if (queue.waiting >= MAX_WAITING) return work()
    queue.waiting++
    const turn = queue.last.then(work).finally(() => {
      if (--queue.waiting === 0) queues.delete(key)
    })
    queue.last = turn.catch(() => {})
    return turn
  }
}
