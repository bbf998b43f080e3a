/** Where one kind of rollup is kept. `schema.ts` says what the tables are. */
export type Tables = {
  readonly hours: string
  readonly days: string
  /** The minutes whose items have changed since. */
  readonly behind: string
}

export const SESSION_TABLES: Tables = { hours: 'rollups', days: 'rollup_days', behind: 'rollups_behind' }

export const TRAFFIC_TABLES: Tables = {
  hours: 'traffic',
  days: 'traffic_days',
  behind: 'traffic_behind',
}
