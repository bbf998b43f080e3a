// People who make up every name that they can: screens, values, fields and rules, error keys; and an owner with many versions.

import { sha256 } from '../src/lib/ids.ts'
import type { TrailEvent } from '../src/trail/event.ts'
import { eventOf } from './arbitrary-events.ts'
import { NOW } from './numbers-page.ts'

const HOUR = 3_600_000

/** Long before `NOW`, so that all of them are over. */
const BEGIN = NOW - 50 * HOUR

export type MadeUp = {
  /** Each with six events. */
  readonly people: number
  /** How many names of each kind they have between them. */
  readonly names: number
  readonly versions?: number
  /** Put at the end of each name. */
  readonly tail?: string
}

/** SERVICE with a value of their own, refused on DATE, an error of the client there, and on through two screens of their own. */
export function* madeUpEvents({ people, names, versions = 1, tail = '' }: MadeUp): Generator<TrailEvent> {
  for (let person = 0; person < people; person++) {
    const name = `${person % names}${tail}`
    const token = `person ${person}`
    // Half of them have one, and the others all that there are.
    const version = `v${person % 2 === 0 ? 0 : person % versions}`
    let at = BEGIN + ((person * 7_919) % (2 * HOUR))
    let number = 0
    const event = (partial: Partial<TrailEvent>): TrailEvent => {
      at += 10_000
      number++
      return eventOf({
        id: sha256(`${token} ${number}`),
        token,
        version,
        at,
        fingerprint: String(number),
        processingMs: 100,
        upstreamMs: 0,
        ...partial,
      })
    }
    const [mine, other] = [`MINE_${name}`, `MINE_${(person * 31 + 7) % names}${tail}`]
    yield event({ action: 'init', screen: '', next: 'SERVICE' })
    yield event({ screen: 'SERVICE', next: 'DATE', input: { service: `value-${name}` } })
    yield event({
      screen: 'DATE',
      next: 'DATE',
      outcome: 'rejected',
      errors: [{ code: 'invalid_field', field: `field-${name}`, rule: `rule-${name}` }],
    })
    yield event({
      action: 'client_error',
      screen: 'DATE',
      next: '',
      outcome: 'acknowledged',
      errors: [{ code: `client:key-${name}` }],
    })
    yield event({ screen: mine, next: other, errors: [{ code: 'upstream_timeout', field: `source-${name}` }] })
    yield event({ screen: other, next: other, outcome: 'failed', errors: [{ code: `code-${name}` }] })
  }
}
