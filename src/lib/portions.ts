/** In order, so many at a time: `most` items, or as many as it takes to come to `size` bytes or more. */
export async function* portionsOf<T>(
  items: AsyncIterable<T>,
  { most, size }: { readonly most: number; readonly size: number },
  sizeOf: (item: T) => number,
): AsyncGenerator<T[]> {
  let portion: T[] = []
  let total = 0
  for await (const item of items) {
    portion.push(item)
    total += sizeOf(item)
    if (portion.length < most && total < size) continue
    yield portion
    portion = []
    total = 0
  }
  if (portion.length > 0) yield portion
}
