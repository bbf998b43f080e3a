// Counts by name. Names come from outside, and one may be `__proto__`, so maps gather them.

/** Sorted by name. */
export type Counts<T = number> = { readonly [name: string]: T }

/** The value of a name; makes it when there is none. */
export const getOrCreate = <T>(gathered: Map<string, T>, name: string, make: () => T): T =>
  gathered.getOrInsertComputed(name, make)

export const count = <Name>(gathered: Map<Name, number>, name: Name, by = 1): void =>
  void gathered.set(name, (gathered.get(name) ?? 0) + by)

export function toCounts<T>(gathered: ReadonlyMap<string, T>): Counts<T>
export function toCounts<T, R>(gathered: ReadonlyMap<string, T>, settle: (value: T) => R): Counts<R>
export function toCounts<T>(gathered: ReadonlyMap<string, T>, settle: (value: T) => unknown = (value) => value) {
  const names = [...gathered.keys()].sort()
  return Object.fromEntries(names.map((name) => [name, settle(gathered.get(name) as T)]))
}

type Merge<T> = (values: readonly T[]) => T

/** Calls `merge` only for names with several values. */
export const mergeEach = <T>(gathered: ReadonlyMap<string, readonly T[]>, merge: Merge<T>): Counts<T> =>
  toCounts(gathered, (values) => (values.length === 1 ? (values[0] as T) : merge(values)))

/** One entry for each name in any of the parts. */
export function merged<T>(parts: readonly Counts<T>[], merge: Merge<T>): Counts<T> {
  const [only, ...others] = parts
  if (only && others.length === 0) return only
  const gathered = new Map<string, T[]>()
  for (const part of parts)
    for (const name of Object.keys(part)) getOrCreate(gathered, name, () => []).push(part[name] as T)
  return mergeEach(gathered, merge)
}

/** The same for one field of each part. */
export const mergedBy = <Part, T>(
  parts: readonly Part[],
  fieldOf: (part: Part) => Counts<T>,
  merge: Merge<T>,
): Counts<T> => merged(parts.map(fieldOf), merge)

/** The same names with other values. */
export const mapped = <T, R>(counts: Counts<T>, map: (value: T, name: string) => R): Counts<R> =>
  Object.fromEntries(Object.entries(counts).map(([name, value]) => [name, map(value, name)]))

/** The values under other names; `merge` adds up those that get the same name. */
export function renamed<T>(counts: Counts<T>, nameOf: (name: string) => string, merge: Merge<T>): Counts<T> {
  const gathered = new Map<string, T[]>()
  for (const [name, value] of Object.entries(counts)) getOrCreate(gathered, nameOf(name), () => []).push(value)
  return mergeEach(gathered, merge)
}

export const total = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0)

export const totalOf = (counts: Counts): number => total(Object.values(counts))
