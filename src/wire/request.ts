// The decrypted request of a user's client, and what kind of request it is.

import { excessOf, type JsonObject } from '../lib/json.ts'
import { type Action, LONGEST_TOKEN } from '../trail/event.ts'

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
}

export type ParsedRequest =
  | { readonly kind: 'ping' }
  | { readonly kind: 'request'; readonly request: FlowRequest }
  | { readonly kind: 'malformed'; readonly detail: string }

/**
 * Deeper nesting than any form sends: below it no recursive walk over a payload can exhaust the stack. And more values: what
 * each of them costs is paid before anything can be answered, at everybody's expense.
 */
const LIMITS = { depth: 64, values: 10_000 }
const EXCESSES = {
  depth: `the request nests deeper than ${LIMITS.depth} levels`,
  values: `the request holds more than ${LIMITS.values} values`,
}
const MAX_SCREEN = 200

/** The plaintext of a request. Order of recognition as in Meta's sample: ping, error notification, then the action. */
export function parseRequest(text: string): ParsedRequest {
  const excess = excessOf(text, LIMITS)
  if (excess) return malformed(EXCESSES[excess])
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    return malformed('the decrypted request is not JSON')
  }
  if (!isObject(parsed)) return malformed('the decrypted request is not a JSON object')
  if (parsed.action === 'ping') return { kind: 'ping' }

  const { action } = parsed
  const version = parsed.version ?? '3.0'
  const screen = parsed.screen ?? ''
  const data = parsed.data ?? {}
  const token = parsed.flow_token ?? ''
  const tokenSignature = parsed.flow_token_signature ?? undefined
  if (typeof version !== 'string' && typeof version !== 'number') return malformed('version is not a string')
  if (typeof screen !== 'string') return malformed('screen is not a string')
  if (screen.length > MAX_SCREEN) return malformed(`screen is longer than ${MAX_SCREEN} characters`)
  if (!isObject(data)) return malformed('data is not an object')
  if (typeof token !== 'string') return malformed('flow_token is not a string')
  if (token.length > LONGEST_TOKEN) return malformed(`flow_token is longer than ${LONGEST_TOKEN} characters`)
  if (tokenSignature !== undefined && typeof tokenSignature !== 'string')
    return malformed('flow_token_signature is not a string')

  const kind = actionOf(action, data)
  if (!kind) return malformed(`action ${JSON.stringify(action)?.slice(0, 60)} is not one that Meta documents`)
  return {
    kind: 'request',
    request: {
      action: kind,
      version,
      screen,
      data,
      token,
      ...(tokenSignature !== undefined && { tokenSignature }),
    },
  }
}

const ACTIONS: { readonly [action: string]: Action } = { INIT: 'init', data_exchange: 'submit', BACK: 'back' }

/**
 * Meta's client reports an error with `error` in data (its documentation says `error_key`). `error_message` alone is no
 * sign: an author may well have a field of that name. `navigate` is seen in error notifications only.
 */
function actionOf(action: unknown, data: JsonObject): Action | undefined {
  if (typeof action !== 'string') return undefined
  const reportsError = typeof data.error === 'string' || typeof data.error_key === 'string'
  if (reportsError && (Object.hasOwn(ACTIONS, action) || action === 'navigate')) return 'client_error'
  return Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined
}

const malformed = (detail: string): ParsedRequest => ({ kind: 'malformed', detail })

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
