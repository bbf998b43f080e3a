// The limits of a rollup, of merged rollups and of an answer. Strangers can make up names, so only the most frequent are kept, and
// the rest counts as `OTHER`. All limits are far above a real flow; docs/numbers.md lists them.

/** `most` names, which take at most `bytes` together, as JSON. */
export type Limit = { readonly most: number; readonly bytes: number }

/** The name of all that is not told apart. No screen, field or rule of a config can have it. */
export const OTHER = '(other)'

/** Bytes, as JSON; a longer name is not told apart. */
export const LONGEST_NAME = 1_250

export const LIMITS = {
  screens: { most: 200, bytes: 32_000 },
  /** In each of so many fields, by how many sessions made the choice. */
  fields: 50,
  valuesOfField: { most: 200, bytes: 32_000 },
  /** Of all fields. */
  values: { most: 1_000, bytes: 64_000 },
  /** Of one screen: `field/rule`, and the codes of other errors. */
  rejects: { most: 50, bytes: 2_000 },
  errors: { most: 25, bytes: 1_000 },
  /** By which all sessions went; and those that made choices, all choices together. */
  paths: { most: 5_000, bytes: 500_000 },
  pathsOfChoices: { most: 10_000, bytes: 1_000_000 },
  /** What went wrong, by screen and kind. */
  kinds: { most: 500, bytes: 50_000 },
} as const

/** Rows of answers. */
export const MOST_ROWS = {
  drivers: 100,
  links: 1_000,
  spikes: 500,
  versions: 50,
  /** Of a breakdown, and how many steps all its funnels have together. */
  groups: 100,
  steps: 1_000,
} as const
