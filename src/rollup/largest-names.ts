import { type Limit, LONGEST_NAME } from './limits.ts'

/** Bytes as JSON. */
export const sizeOf = (text: string): number => Buffer.byteLength(JSON.stringify(text))

/** A UTF-16 unit takes no more than these as JSON: `\u0000`. */
const MOST_BYTES_OF_UNIT = 6

/** The room that is left of a limit. */
export function startRoom({ most, bytes }: Limit) {
  const left = { most, bytes }
  return {
    fits: (size: number) => left.most > 0 && size <= left.bytes,
    take(size: number): void {
      left.most--
      left.bytes -= size
    },
  }
}

/** The most frequent first; of those that are equally frequent, by name. */
export const byFrequency = ([a, n]: readonly [string, number], [b, m]: readonly [string, number]): number =>
  m - n || (a < b ? -1 : 1)

/** The most frequent names, as many as there is room for; undefined when that is all of them. */
export function largest(counts: ReadonlyMap<string, number>, limit: Limit): ReadonlySet<string> | undefined {
  if (isFew(counts.keys(), counts.size, limit)) return undefined
  const room = startRoom(limit)
  const kept = new Set<string>()
  for (const [name] of [...counts].sort(byFrequency)) {
    const size = sizeOf(name)
    if (size > LONGEST_NAME || !room.fits(size)) continue
    room.take(size)
    kept.add(name)
  }
  return kept.size === counts.size ? undefined : kept
}

/** Whether there is room for all, by a cheap upper bound. */
export function isFew(names: Iterable<string>, count: number, { most, bytes }: Limit): boolean {
  if (count > most) return false
  let units = 0
  for (const name of names) {
    units += name.length + 2
    if ((name.length + 2) * MOST_BYTES_OF_UNIT > LONGEST_NAME) return false
  }
  return units * MOST_BYTES_OF_UNIT <= bytes
}
