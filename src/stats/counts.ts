// Counts by name. Names come from outside, and one may be `__proto__`, so maps gather them.

/** Sorted by name. */
export type Counts<T = number> = { readonly [name: string]: T }

/** The value of a name; makes it when there is none. */
export function getOrCreate<T>(gathered: Map<string, T>, name: string, make: () => T): T {
  const known = gathered.get(name)
  if (known !== undefined) return known
  const made = make()
  gathered.set(name, made)
  return made
}

export const count = <Name>(gathered: Map<Name, number>, name: Name, by = 1): void =>
  void gathered.set(name, (gathered.get(name) ?? 0) + by)

export function toCounts<T>(gathered: ReadonlyMap<string, T>): Counts<T>
export function toCounts<T, R>(gathered: ReadonlyMap<string, T>, settle: (value: T) => R): Counts<R>
export function toCounts<T>(gathered: ReadonlyMap<string, T>, settle: (value: T) => unknown = (value) => value) {
  const names = [...gathered.keys()].sort()
  return Object.fromEntries(names.map((name) => [name, settle(gathered.get(name) as T)]))
}

/** One entry for each name in any of the parts. Calls `merge` only for names with several values. */
export function merged<T>(parts: readonly Counts<T>[], merge: (values: readonly T[]) => T): Counts<T> {
  const [only, ...others] = parts
  if (only && others.length === 0) return only
  const gathered = new Map<string, T[]>()
  for (const part of parts)
    for (const name of Object.keys(part)) getOrCreate(gathered, name, () => []).push(part[name] as T)
  return toCounts(gathered, (values) => (values.length === 1 ? (values[0] as T) : merge(values)))
}

export const total = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0)

export const totalOf = (counts: Counts): number => total(Object.values(counts))
