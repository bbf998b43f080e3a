/** Each resolves with its work, after those that were given before it. */
export function createInOrder() {
  let before: Promise<unknown> = Promise.resolve()
  return async <Result>(work: Promise<Result>): Promise<Result> => {
    const earlier = before
    // Without a result: with one, each would hold on to all that came before it.
    before = Promise.allSettled([work, earlier]).then(() => {})
    await Promise.allSettled([work, earlier])
    return work
  }
}
