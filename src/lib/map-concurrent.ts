/** Works at `few` items at a time, in their order. Rejects with the first failure, and starts no more items after it. */
export async function mapConcurrent<Item>(
  few: number,
  items: readonly Item[],
  work: (item: Item) => Promise<void>,
): Promise<void> {
  let next = 0
  const workOn = async (): Promise<void> => {
    while (next < items.length) {
      try {
        await work(items[next++] as Item)
      } catch (error) {
        next = items.length
        throw error
      }
    }
  }
  await Promise.all(Array.from({ length: few }, workOn))
}
