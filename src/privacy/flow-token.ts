// How flow tokens are kept. Businesses put into them what they have at hand, and that can be a phone number.

import type { Flow } from '../flow/definition.ts'
import { isTracked } from '../trail/event.ts'
import { isPersonal } from './personal-data.ts'
import { isPseudonym, type PseudonymKey, pseudonymFor } from './pseudonym.ts'

/** The token as everything that is written down knows it. One that looks like a pseudonym becomes another, so that it is nobody else's. */
export function keptToken(token: string, { tokens }: Pick<Flow, 'tokens'>, key: PseudonymKey): string {
  const isHidden = tokens?.keep ? tokens.keep === 'hash' : isPersonal(token) || isPseudonym(token)
  return isHidden && isTracked(token) ? pseudonymFor('token', token, key) : token
}

/**
 * What a token may be known as, typed as it was sent or copied from a page. The first is how it may be written down; the other
 * is there for what was stored under another config.
 */
export function formsOfToken(typed: string, flows: Iterable<Pick<Flow, 'tokens'>>, key: PseudonymKey): string[] {
  const pseudonym = pseudonymFor('token', typed, key)
  const isShown = isPseudonym(typed) || [...flows].every((flow) => keptToken(typed, flow, key) === typed)
  return isShown ? [typed, pseudonym] : [pseudonym, typed]
}
