// Parses the decrypted request of a user's client.

import { extentOf, isObject, type JsonObject, membersOf, parseData } from '../lib/json.ts'
import { lengthOf, wellFormed } from '../lib/text.ts'
import { type Action, LONGEST_TOKEN } from '../trail/event.ts'
import { isNotification } from './client-error.ts'

/** Meta's version field: "3.0", "4.0"; a bare number in some error notifications. */
export type ApiVersion = string | number

export type FlowRequest = {
  readonly action: Action
  readonly version: ApiVersion
  /** Empty on INIT, and in some BACK requests. */
  readonly screen: string
  readonly data: JsonObject
  /** Empty when the client sent none. */
  readonly token: string
  readonly tokenSignature?: string
  /** How many values it had, if too many to parse: `data` then has only fields that the flow declares. */
  readonly cutFrom?: number
}

/** What the flow declares. */
export type Declared = {
  /** Undefined for an unknown screen. */
  readonly fieldsOf: (screen: string) => ReadonlySet<string> | undefined
  /** Of all screens, by name. */
  readonly fields: Pick<ReadonlyMap<string, unknown>, 'keys'>
}

export type ParsedRequest =
  | { readonly kind: 'ping' }
  | { readonly kind: 'request'; readonly request: FlowRequest }
  | { readonly kind: 'malformed'; readonly detail: string }

/** Deeper than any form nests; up to it, no recursive walk exhausts the stack. */
const MAX_DEPTH = 64
const MAX_SCREEN = 200
/** More than any form sends, including files and lists of options. */
const MAX_VALUES = 5_000
/** Of one field, in a request with more than MAX_VALUES. */
const MAX_VALUES_OF_FIELD = 500

/** In the text of a request: half a character, which may have its other half after it. Only then all values are looked at. */
const ESCAPED_HALF = /\\u[dD][89a-fA-F]/

/** Recognises requests in the order of Meta's sample: ping, error notification, then the action. `detail` never quotes the request. */
export function parseRequest(text: string, declared: Declared): ParsedRequest {
  const { depth, values } = extentOf(text, MAX_DEPTH)
  if (depth > MAX_DEPTH) return malformed(`the request nests deeper than ${MAX_DEPTH} levels`)
  const cutFrom = values > MAX_VALUES ? values : undefined
  const json = parseData(cutFrom === undefined ? text : cutDown(text, declared))
  if (json === undefined) return malformed('the decrypted request is not JSON')
  const parsed = ESCAPED_HALF.test(text) ? wellFormed(json) : json
  if (!isObject(parsed)) return malformed('the decrypted request is not a JSON object')
  if (parsed.action === 'ping') return { kind: 'ping' }

  return read(parsed, declared, cutFrom)
}

function read(parsed: JsonObject, declared: Declared, cutFrom: number | undefined): ParsedRequest {
  const { action } = parsed
  const version = parsed.version ?? '3.0'
  const screen = parsed.screen ?? ''
  const data = parsed.data ?? {}
  const token = parsed.flow_token ?? ''
  const tokenSignature = parsed.flow_token_signature ?? undefined
  if (!isVersion(version)) return malformed('version is not a string')
  if (typeof screen !== 'string') return malformed('screen is not a string')
  if (screen.length > MAX_SCREEN) return malformed(`screen is longer than ${MAX_SCREEN} characters`)
  if (!isObject(data)) return malformed('data is not an object')
  if (typeof token !== 'string') return malformed('flow_token is not a string')
  if (token.length > LONGEST_TOKEN) return malformed(`flow_token is longer than ${LONGEST_TOKEN} characters`)
  if (tokenSignature !== undefined && typeof tokenSignature !== 'string')
    return malformed('flow_token_signature is not a string')

  const kind = actionOf(action, screen, data, declared)
  if (!kind) return malformed(`${describe(action)} is not one that Meta documents`)
  return {
    kind: 'request',
    request: {
      action: kind,
      version,
      screen,
      data,
      ...(cutFrom !== undefined && { cutFrom }),
      token,
      ...(tokenSignature !== undefined && { tokenSignature }),
    },
  }
}

const ACTIONS: { readonly [action: string]: Action } = { INIT: 'init', data_exchange: 'submit', BACK: 'back' }

/** A declared field wins over a notification's part of the same name. `navigate` occurs in error notifications only. */
function actionOf(action: unknown, screen: string, data: JsonObject, { fieldsOf }: Declared): Action | undefined {
  if (typeof action !== 'string') return undefined
  const fields = fieldsOf(screen)
  const isField = (name: string) => fields?.has(name) === true
  const reportsError = isNotification(data) && !Object.keys(data).some(isField)
  if (reportsError && (Object.hasOwn(ACTIONS, action) || action === 'navigate')) return 'client_error'
  return Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined
}

/**
 * Reduces a request with too many values to its own properties and the declared fields of its data, except fields that are too large.
 * Parsing all of it would take too long, above all with many names.
 */
function cutDown(text: string, { fields }: Declared): string {
  const request = membersOf(text, OWN)
  if (!request) return NO_OBJECT
  const data = membersOf(request.get(DATA) ?? '{}', new Set([...fields.keys()].map((name) => JSON.stringify(name))))
  request.set(DATA, data ? written(data) : NO_OBJECT)
  return written(request, (name) => name !== DATA)
}

const OWN = new Set(
  ['version', 'screen', 'action', 'data', 'flow_token', 'flow_token_signature'].map((name) => JSON.stringify(name)),
)
const DATA = JSON.stringify('data')
const NO_OBJECT = '[]'

/** As an object, without the members with too many values. `isBounded`: to which members this applies. */
function written(members: ReadonlyMap<string, string>, isBounded = (_: string) => true): string {
  const kept = [...members].filter(
    ([name, value]) => !isBounded(name) || extentOf(value, MAX_DEPTH).values <= MAX_VALUES_OF_FIELD,
  )
  return `{${kept.map(([name, value]) => `${name}:${value}`).join(',')}}`
}

const describe = (action: unknown): string => {
  if (typeof action === 'string') return `an action of ${lengthOf(action)} characters`
  return action === undefined ? 'no action' : 'an action that is no text'
}

const malformed = (detail: string): ParsedRequest => ({ kind: 'malformed', detail })

const isVersion = (value: unknown): value is ApiVersion => typeof value === 'string' || typeof value === 'number'
