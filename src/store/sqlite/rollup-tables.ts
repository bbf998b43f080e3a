/** The tables of one kind of rollup; `schema.ts` makes them. */
export type RollupTables = ReturnType<typeof tablesOf>

const tablesOf = (kind: string) => ({
  hours: `${kind}_hours`,
  days: `${kind}_days`,
  parts: `${kind}_hour_parts`,
  staleMinutes: `${kind}_stale_minutes`,
  staleDays: `${kind}_stale_days`,
})

export const SESSION_TABLES = tablesOf('session')
export const EVENT_TABLES = tablesOf('event')
