/** Why a request outside the data endpoint was turned away: what whoever sends requests can cause, by reasons of ours. */
export const REFUSALS = [
  'broken_off',
  'too_large',
  'incomplete',
  'malformed',
  'foreign',
  'wrong_password',
  'too_many_tries',
  'busy',
  'spent_link',
] as const

export type Refusal = (typeof REFUSALS)[number]
