/** Why a request outside the data endpoint was refused. */
export const REFUSAL_REASONS = [
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

export type RefusalReason = (typeof REFUSAL_REASONS)[number]
