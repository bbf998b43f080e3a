/** The first items that fit into this many bytes of JSON; at least one. */
export function takeBytes<T>(items: readonly T[], bytes: number): readonly T[] {
  let left = bytes
  const end = items.findIndex((item, index) => {
    left -= Buffer.byteLength(JSON.stringify(item)) + 1
    return left < 0 && index > 0
  })
  return end < 0 ? items : items.slice(0, end)
}
