// Makes the event of a request: the only form in which a request is stored, the journal included. Of what a client sent, it has only
// names of the config, known error keys, and what the field policy keeps.

import type { FlowAnswer } from '../flow/answer.ts'
import type { Flow } from '../flow/definition.ts'
import type { Json } from '../lib/json.ts'
import { cutTo, lengthOf } from '../lib/text.ts'
import { type TrailError, type TrailEvent, UNKNOWN_SCREEN } from '../trail/event.ts'
import type { FlowRequest } from '../wire/request.ts'
import { applyPolicy, type PolicyRules } from './field-policy.ts'
import { keptToken } from './flow-token.ts'
import { fingerprintOf, type PseudonymKey, pseudonymFor } from './pseudonym.ts'

type Measured = Pick<TrailEvent, 'id' | 'at' | 'processingMs' | 'upstreamMs' | 'requestBytes' | 'replyBytes'>

export function eventOf(
  flow: Flow,
  request: FlowRequest,
  { outcome, next, errors, trigger, sequence, quotable = [] }: FlowAnswer & { kind: 'reply' },
  rules: PolicyRules,
  measured: Measured,
): TrailEvent {
  const { action, data, cutFrom } = request
  const input = action === 'client_error' ? {} : applyPolicy(data, flow, request.screen, rules)
  const withoutTyped = withoutValues([data, request.token, ...quotable], flow)
  return {
    ...measured,
    flow: flow.key,
    version: flow.version,
    token: keptToken(request.token, flow, rules.key),
    action,
    screen: keptScreen(request.screen, flow),
    next: next === request.screen ? keptScreen(next, flow) : next,
    outcome,
    ...(trigger !== undefined && { trigger: keptTrigger(trigger, flow, rules.key) }),
    ...(sequence !== undefined && { sequence: keptSequence(sequence, rules.key) }),
    input,
    fingerprint: fingerprintOf(cutFrom === undefined ? data : { data, cutFrom }, rules.key),
    errors: [...errors, ...(cutFrom === undefined ? [] : [cutError(cutFrom)])].map((error) =>
      asText(error.message === undefined ? error : { ...error, message: withoutTyped(error.message) }),
    ),
  }
}

export const keptScreen = (screen: string, { screens }: Pick<Flow, 'screens'>): string =>
  screen === '' || screens.has(screen) ? screen : UNKNOWN_SCREEN

/** Kept if the config lists it or it is a name of the flow; anything else could be what somebody types. */
function keptTrigger(trigger: string, { names, triggers }: Flow, key: PseudonymKey): string {
  const isKnown = triggers.has(trigger) || names.has(trigger)
  return isKnown ? trigger.toWellFormed() : pseudonymFor('trigger', trigger, key)
}

/** Only its equality matters. */
const keptSequence = (sequence: string, key: PseudonymKey): string =>
  /^\d{1,6}$/.test(sequence) ? sequence : pseudonymFor('sequence', sequence, key)

const cutError = (values: number): TrailError => ({
  code: 'input_cut',
  message: `the request has about ${values} values; of so many, only the fields that the flow declares were looked at`,
})

/** Shorter ones occur in a sentence by chance. */
const SHORTEST_VALUE = 3

/** A request can have thousands of values to look for in each message. No sentence for people is longer. */
const LONGEST_SEARCHED = 4_096

/**
 * What people are told can quote what they typed, now or on an earlier screen. Options of the config stay, as they tell nothing of a
 * person; all else would outlive the policy of its field.
 */
function withoutValues(values: readonly Json[], { options, fields }: Flow): (message: string) => string {
  let withheld: readonly string[] | undefined
  const found = () => {
    const listed = new Set([...fields.values()].flat().flatMap(({ allowed }) => allowed?.map(String) ?? []))
    return [...new Set(values.flatMap(leavesOf))]
      .filter((text) => text.length >= SHORTEST_VALUE && !options.has(text) && !listed.has(text))
      .toSorted((a, b) => b.length - a.length)
  }
  return (message) => {
    if (message.length > LONGEST_SEARCHED) return `a message of ${lengthOf(message)} characters`
    withheld ??= found()
    return withheld.reduce((text, value) => text.replaceAll(value, '…'), message)
  }
}

function leavesOf(value: Json): readonly string[] {
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(leavesOf)
  return typeof value === 'string' || typeof value === 'number' ? [String(value)] : []
}

const LONGEST_MESSAGE = 1_000

/** Such that every database accepts them. */
const asText = (error: TrailError): TrailError =>
  Object.fromEntries(
    Object.entries(error).map(([key, text]) => [key, cutTo(LONGEST_MESSAGE, text.toWellFormed())]),
  ) as TrailError
