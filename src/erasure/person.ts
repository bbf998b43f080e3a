// Who is meant, from what somebody typed.

import type { Flow } from '../flow/definition.ts'
import { formsOfToken } from '../privacy/flow-token.ts'
import { isPersonal } from '../privacy/personal-data.ts'
import { isPseudonym, type PseudonymKey, pseudonymOf } from '../privacy/pseudonym.ts'
import { isTracked } from '../trail/event.ts'
import { ANY_FLOW, type Hashes } from './hashes.ts'

/** One of the three. A value is a phone number, an address, or whatever else somebody typed into a form. */
export type Asked = {
  readonly token?: string | undefined
  readonly pseudonym?: string | undefined
  readonly value?: string | undefined
  readonly flow?: string | undefined
}

export type Person = {
  /** What audit log and answers call them: a keyed hash. */
  readonly id: string
  /** Every keyed hash that they are looked for by. */
  readonly hashes: readonly string[]
  /** Tokens as they may be stored, which need no search. None that tells of the person by itself. */
  readonly tokens: readonly string[]
  readonly flow?: string | undefined
  /** Whether all events are to be looked at. */
  readonly isSearched: boolean
}

type PersonDeps = {
  readonly hashes: Hashes
  readonly key: PseudonymKey
  readonly flows: readonly Pick<Flow, 'tokens'>[]
  /** The flow that was named, if there is something of it; else every flow that there is something of. */
  readonly known: ReadonlySet<string>
}

export type ReadPerson =
  | { readonly ok: true; readonly person: Person }
  /** A clause for whoever typed it. */
  | { readonly ok: false; readonly mistake: string }

/** What was typed is nowhere in the result, unless it is a token, a pseudonym or a flow. */
export function readPerson({ token, pseudonym, value, flow }: Asked, deps: PersonDeps): ReadPerson {
  const given = [token, pseudonym, value].filter((each) => each !== undefined)
  if (given.length !== 1) return wrong('expected one of a token, a pseudonym and a value')
  if (given[0]?.trim() === '') return wrong('expected a token, a pseudonym or a value; it is empty')
  if (flow !== undefined && !deps.known.has(flow))
    return wrong(`there is no flow ${JSON.stringify(flow)}; there is ${[...deps.known].join(', ')}`)
  if (token !== undefined) return ofToken(token, flow, deps)
  if (pseudonym !== undefined) return ofPseudonym(pseudonym, flow, deps)
  return ofValue(value as string, flow, deps)
}

const wrong = (mistake: string): ReadPerson => ({ ok: false, mistake })

function ofToken(typed: string, flow: string | undefined, { hashes, key, flows }: PersonDeps): ReadPerson {
  if (!isTracked(typed))
    return wrong(
      `the token ${JSON.stringify(typed)} is what Meta sends for everybody without one; give a value instead`,
    )
  const forms = formsOfToken(typed, flows, key)
  const names = forms.map((form) => hashes.ofToken(flow ?? ANY_FLOW, form))
  return found(names, forms, flow, forms.some(isPersonal))
}

function ofPseudonym(typed: string, flow: string | undefined, { hashes }: PersonDeps): ReadPerson {
  const pseudonym = typed.trim()
  if (!isPseudonym(pseudonym))
    return wrong(`${JSON.stringify(typed)} is no pseudonym; expected h: and 22 letters, as pages and exports show it`)
  const of = flow ?? ANY_FLOW
  return found([hashes.ofValue(of, pseudonym), hashes.ofToken(of, pseudonym)], [pseudonym], flow, true)
}

/** Some businesses use phone numbers as tokens, too. */
function ofValue(typed: string, flow: string | undefined, { hashes, key, flows }: PersonDeps): ReadPerson {
  const of = flow ?? ANY_FLOW
  const token = typed.trim()
  const forms = isTracked(token) ? formsOfToken(token, flows, key) : []
  const names = [hashes.ofValue(of, pseudonymOf(typed, key)), ...forms.map((form) => hashes.ofToken(of, form))]
  // Of these only the pseudonym is kept: what was typed is a value, whatever it looks like.
  return found(
    names,
    forms.filter((form) => form !== token),
    flow,
    true,
  )
}

function found(
  hashes: readonly string[],
  forms: readonly string[],
  flow: string | undefined,
  isSearched: boolean,
): ReadPerson {
  const tokens = forms.filter((form) => !isPersonal(form))
  return { ok: true, person: { id: hashes[0] as string, hashes, tokens, flow, isSearched } }
}
