import type { SQLQueryBindings } from 'bun:sqlite'

/** One condition in SQL with `?` for each of its values. */
export type Condition = readonly [sql: string, ...values: SQLQueryBindings[]]

/** `WHERE …` over all conditions, or nothing when there are none; and the values in the order of their `?`. */
export function whereAll(conditions: readonly Condition[]): { where: string; values: SQLQueryBindings[] } {
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.map(([sql]) => sql).join(' AND ')}`
  return { where, values: conditions.flatMap(([, ...values]) => values) }
}

/** The condition, when there is a value for it. */
export function given<T>(value: T | undefined, condition: (value: T) => Condition): Condition[] {
  return value === undefined ? [] : [condition(value)]
}
