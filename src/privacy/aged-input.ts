// Which kept values become pseudonyms when they come of age, and what an event's input is then.

import type { Field, Flow } from '../flow/definition.ts'
import { isClosedChoice } from '../flow/field-types.ts'
import type { Clock } from '../lib/clock.ts'
import { sha256 } from '../lib/ids.ts'
import { canonical, isMissing, isObject, type Json, type JsonObject } from '../lib/json.ts'
import { isWithheld, type TrailEvent } from '../trail/event.ts'
import { isNarrow } from './keep-by-type.ts'
import { type PseudonymKey, pseudonymOf } from './pseudonym.ts'

type AgingRules = {
  readonly flows: ReadonlyMap<string, Flow>
  /** `privacy.hash_after`, milliseconds. */
  readonly hashAfterMs?: number | undefined
  readonly key: PseudonymKey
}

type Submission = Pick<TrailEvent, 'flow' | 'screen' | 'input'>

export type Aging = ReturnType<typeof agingOf>

/** The event as it may be stored now. */
export const agedBy =
  ({ agedInput }: Pick<Aging, 'agedInput'>, clock: Clock) =>
  (event: TrailEvent): TrailEvent => ({ ...event, input: agedInput(event, clock()) ?? event.input })

/**
 * A value becomes the pseudonym that `keep: hash` would have made of it. What the config lists stays, as do booleans: it is not what
 * people typed. A value whose field the config no longer has is judged as a text.
 */
export function agingOf({ flows, hashAfterMs, key }: AgingRules) {
  const fieldsOf = ({ flow, screen }: Submission, name: string): readonly Field[] => {
    const known = flows.get(flow)
    const here = known?.screens.get(screen)?.fields.find((field) => field.name === name)
    return here ? [here] : (known?.fields.get(name) ?? [])
  }
  const ageOf = (field: Field): number | undefined => field.config.hash_after ?? hashAfterMs
  /** By the strictest, where several screens declare the name. */
  const isOld = (value: Json, fields: readonly Field[], flow: Flow | undefined, ageMs: number): boolean => {
    if (fields.length === 0) return typeof value !== 'boolean' && ageMs >= (hashAfterMs ?? Number.POSITIVE_INFINITY)
    return fields.some(
      (field) => mayBePersonal(value, field, flow) && ageMs >= (ageOf(field) ?? Number.POSITIVE_INFINITY),
    )
  }

  const ages = [...new Set([hashAfterMs, ...fieldsIn(flows).map(ageOf)])]
    .filter((age) => age !== undefined)
    .toSorted((a, b) => a - b)
  const youngest = ages[0] ?? Number.POSITIVE_INFINITY

  return {
    /** At each of these ages, milliseconds, some value may become a pseudonym. The youngest first. */
    ages: ages as readonly number[],

    /** Equal while the same events become the same. */
    fingerprint: fingerprintOf(flows, hashAfterMs),

    /** What the event's input is at this instant; undefined when it is that already. */
    agedInput(event: Submission & Pick<TrailEvent, 'at'>, now: number): JsonObject | undefined {
      const ageMs = now - event.at
      // Almost every event on its way to the store.
      if (ageMs < youngest) return undefined
      let isChanged = false
      const entries = Object.entries(event.input).map(([name, value]): [string, Json] => {
        if (isMissing(value) || isWithheld(value)) return [name, value]
        const fields = fieldsOf(event, name)
        if (!isOld(value, fields, flows.get(event.flow), ageMs)) return [name, value]
        isChanged = true
        return [name, { $hash: pseudonymOf(value, key) }]
      })
      return isChanged ? Object.fromEntries(entries) : undefined
    },

    /** Whether it has a pseudonym where sessions take a choice from: one that was derived before may still have the value. */
    hasAgedChoice: (event: Submission) =>
      Object.entries(event.input).some(
        ([name, value]) =>
          isObject(value) &&
          '$hash' in value &&
          fieldsOf(event, name).some(({ config }) => isClosedChoice(config.type) && config.keep !== 'hash'),
      ),
  }
}

/** `value` was kept. By its type alone that happens only where it can hardly be personal; with `hash_after` its author says that it is. */
function mayBePersonal(value: Json, field: Field, flow: Flow | undefined): boolean {
  const { type, keep, hash_after } = field.config
  if (type === 'boolean') return false
  const isListed = isNarrow(value, field, {
    isFixed: (option) => flow?.options.has(option) ?? false,
    wasSent: () => false,
  })
  if (isClosedChoice(type) && isListed) return false
  if (hash_after !== undefined) return true
  switch (type) {
    case 'text':
    case 'phone':
    case 'email':
    case 'files':
      return true
    default:
      return keep === 'keep' && !isListed
  }
}

const fieldsIn = (flows: AgingRules['flows']): Field[] =>
  [...flows.values()].flatMap((flow) => [...flow.screens.values()].flatMap(({ fields }) => fields))

/** Add one where the rules above change. */
const RULES = 1

const fingerprintOf = (flows: AgingRules['flows'], hashAfterMs: number | undefined): string =>
  sha256(
    canonical([
      RULES,
      hashAfterMs ?? null,
      [...flows.values()]
        .toSorted((a, b) => (a.key < b.key ? -1 : 1))
        .map((flow) => [
          flow.key,
          [...flow.options].toSorted(),
          [...flow.screens.values()].map(({ id, fields }) => [
            id,
            fields.map(({ name, config: { type, keep, hash_after, in: allowed, min, max } }) => [
              name,
              [type, keep ?? null, hash_after ?? null, allowed ?? null, min ?? null, max ?? null],
            ]),
          ]),
        ]),
    ]),
  )
