// The category of an error of an answered request. It is stored in rollups, so a code keeps its category for good.

import { OTHER } from './limits.ts'

/**
 * `validation`: what people filled in was refused · `client`: the client reported what it could not do with our reply ·
 * `upstream`: a source of ours failed · `internal`: we failed, or the config did, such as by a reply that does not fit its screen.
 */
export const ERROR_CATEGORIES = ['validation', 'client', 'upstream', 'internal'] as const
export type ErrorCategory = (typeof ERROR_CATEGORIES)[number]

/** By the prefix of the code; an unknown code is internal. Undefined for a warning about a good reply. */
export function errorCategoryOf(code: string): ErrorCategory | undefined {
  if (code === 'reply_large') return undefined
  if (code.startsWith('invalid_')) return 'validation'
  if (code.startsWith('client:')) return 'client'
  return code.startsWith('upstream_') ? 'upstream' : 'internal'
}

/** The common name of the codes of its category that are not told apart. */
export function otherCodeOf(code: string): string {
  const category = errorCategoryOf(code)
  return category ? `${PREFIXES[category]}${OTHER}` : code
}

const PREFIXES: { readonly [category in ErrorCategory]: string } = {
  validation: 'invalid_',
  client: 'client:',
  upstream: 'upstream_',
  internal: '',
}
