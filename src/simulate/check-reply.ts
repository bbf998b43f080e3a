// Checks that a phone can use a reply, and that it is the one the flow promises. Each check returns the rest of a sentence about
// what is wrong, or undefined.

import type { Flow } from '../flow/definition.ts'
import { fitted, isTaken } from '../flow-json/fitting.ts'
import type { ValueType } from '../flow-json/flow-json.ts'
import { mayAnswer } from '../flow-json/follow-ups.ts'
import { typeName, typeOf } from '../flow-json/value-type.ts'
import { canonical, isObject, type Json, type JsonObject, own } from '../lib/json.ts'
import { SUCCESS } from '../trail/event.ts'

export type Expectation = {
  readonly flow: Flow
  readonly version: string
  readonly token: string
  /** Where the request came from; absent on opening. */
  readonly from?: string
  /** The screens that may follow. */
  readonly to: readonly string[]
  /** Whether a reply has an `error_message`: always if the endpoint must refuse the input. */
  readonly tells: 'never' | 'maybe' | 'always'
  /** What the phone has for the screen that it shows. */
  readonly shown: JsonObject
}

export function wrongScreen(reply: JsonObject, expectation: Expectation): string | undefined {
  return (
    wrongNull(reply) ??
    wrongVersion(reply, expectation) ??
    wrongNext(reply, expectation) ??
    wrongRefusal(reply, expectation) ??
    (reply.screen === SUCCESS ? wrongCompletion(reply, expectation) : wrongData(reply, expectation))
  )
}

export const wrongPing = (reply: JsonObject): string | undefined => wrongExactly(reply, { data: { status: 'active' } })

export const wrongAcknowledgement = (reply: JsonObject): string | undefined =>
  wrongExactly(reply, { data: { acknowledged: true } })

function wrongExactly(reply: JsonObject, expected: JsonObject): string | undefined {
  if (canonical(reply) === canonical(expected)) return undefined
  return `expected exactly ${JSON.stringify(expected)}, found ${excerpt(reply)}`
}

function wrongNull(reply: JsonObject): string | undefined {
  const place = placeOfNull(reply)
  return place === undefined ? undefined : `expected no null anywhere, found one at ${place}`
}

function placeOfNull(value: Json): string | undefined {
  if (value === null) return ''
  if (typeof value !== 'object') return undefined
  for (const [key, item] of Object.entries(value)) {
    const inside = placeOfNull(item)
    if (inside !== undefined) return inside === '' ? key : `${key}.${inside}`
  }
  return undefined
}

function wrongVersion(reply: JsonObject, { version }: Expectation): string | undefined {
  return reply.version === version ? undefined : `expected version ${version} back, found ${excerpt(reply.version)}`
}

function wrongNext({ screen, data }: JsonObject, { flow, from, to }: Expectation): string | undefined {
  if (typeof screen === 'string' && to.includes(screen)) {
    const isRouted =
      !flow.flowJson?.routingModel || screen === SUCCESS || from === undefined || mayAnswer(flow.flowJson, from, screen)
    return isRouted ? undefined : `expected what "routing_model" lets follow ${from}, found screen ${excerpt(screen)}`
  }
  const known = screen === SUCCESS || (typeof screen === 'string' && flow.screens.has(screen))
  const message =
    isObject(data) && typeof data.error_message === 'string' ? ` saying ${excerpt(data.error_message)}` : ''
  const found = `screen ${excerpt(screen)}${known ? '' : ', which the flow does not define'}${message}`
  return `expected screen ${to.join(' or ')}, found ${found}`
}

function wrongRefusal({ data }: JsonObject, { flow, tells }: Expectation): string | undefined {
  const message = isObject(data) ? data.error_message : undefined
  // A screen whose data has an error_message is sent an empty one as long as nothing is wrong.
  const isTold = message !== undefined && message !== ''
  if (tells === 'always' && !(typeof message === 'string' && isTold))
    return `expected an error_message, found ${excerpt(message)}`
  if (isTold && message === flow.failureMessage) return `expected an answer, found the flow’s failure_message`
  if (tells === 'never' && isTold) return `expected no error_message, found ${excerpt(message)}`
  return undefined
}

function wrongCompletion({ data }: JsonObject, { token }: Expectation): string | undefined {
  const response = isObject(data) ? data.extension_message_response : undefined
  const params = isObject(response) ? response.params : undefined
  const found = isObject(params) ? params.flow_token : undefined
  if (found === token) return undefined
  return `expected data.extension_message_response.params.flow_token to be the token, found ${excerpt(found)}`
}

function wrongData({ screen, data = {} }: JsonObject, { flow, from, shown }: Expectation): string | undefined {
  const declared = flow.flowJson?.screens.get(String(screen))?.data
  if (declared && isObject(data)) {
    // On the screen that it shows, a phone keeps what a reply leaves out.
    const all = screen === from ? { ...shown, ...data } : data
    const misfits = [...declared].flatMap(([name, { type }]) => misfitsOf(type, own(all, name), name))
    return misfits.length === 0
      ? undefined
      : `expected data that fits screen ${screen}, found that ${misfits.join('; ')}`
  }
  const promised = flow.screens.get(String(screen))?.data ?? []
  const missing = promised.filter(({ name }) => !isObject(data) || data[name] === undefined)
  if (missing.length === 0) return undefined
  return `expected all that ${screen} is shown with, found data without ${missing.map(({ name }) => name).join(', ')}`
}

function misfitsOf(type: ValueType, value: Json | undefined, name: string): readonly string[] {
  if (isTaken(type, value)) return []
  const { misfits } = fitted(type, value, name)
  return misfits.length > 0 ? misfits.map(({ message }) => message) : [`${name} is ${typeName(typeOf(value))}`]
}

function excerpt(value: Json | undefined): string {
  if (value === undefined) return 'none'
  const text = JSON.stringify(value)
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}
