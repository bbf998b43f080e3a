// How flow tokens are stored. Some businesses use phone numbers as tokens.

import type { Flow } from '../flow/definition.ts'
import { isTracked } from '../trail/event.ts'
import { isPersonal } from './personal-data.ts'
import { isPseudonym, type PseudonymKey, pseudonymFor } from './pseudonym.ts'

/** The token as stored. One that looks like a pseudonym is hashed as well, so that it cannot pass for another person's. */
export function keptToken(token: string, { tokens }: Pick<Flow, 'tokens'>, key: PseudonymKey): string {
  const isHidden = tokens?.keep ? tokens.keep === 'hash' : isPersonal(token) || isPseudonym(token)
  return isHidden && isTracked(token) ? pseudonymFor('token', token, key) : token
}

/** How a token, typed in as sent or copied from a page, may be stored: first by this config, then by an earlier one. */
export function formsOfToken(typed: string, flows: Iterable<Pick<Flow, 'tokens'>>, key: PseudonymKey): string[] {
  const pseudonym = pseudonymFor('token', typed, key)
  const isShown = isPseudonym(typed) || [...flows].every((flow) => keptToken(typed, flow, key) === typed)
  return isShown ? [typed, pseudonym] : [pseudonym, typed]
}
