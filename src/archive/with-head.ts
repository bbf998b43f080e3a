/** The first four bytes, or more, which tell what a file is. `all` gives them, too. */
export async function withHead(bytes: AsyncIterable<Uint8Array>) {
  const iterator = bytes[Symbol.asyncIterator]()
  let head: Uint8Array = new Uint8Array()
  while (head.length < 4) {
    const part = await iterator.next()
    if (part.done) break
    head = Buffer.concat([head, part.value])
  }
  async function* all(): AsyncGenerator<Uint8Array> {
    try {
      yield head
      yield* { [Symbol.asyncIterator]: () => iterator }
    } finally {
      await iterator.return?.()
    }
  }
  return { head, all: all() }
}
