// Asks the server that answers in place of the config. docs/forward.md says what it is sent and what it may answer.

import { mayAnswer } from '../flow-json/follow-ups.ts'
import { sha256 } from '../lib/ids.ts'
import { isObject, type JsonObject } from '../lib/json.ts'
import { type Action, SUCCESS, type TrailError } from '../trail/event.ts'
import type { ApiAnswer } from './call-api.ts'
import type { Api, Call, Flow } from './definition.ts'
import { type Closed, type Made, refused, shownAs } from './made.ts'
import { failedOn, type Run, show, showUnchanged } from './run.ts'

export async function forward(run: Run, api: Api): Promise<Made | Closed> {
  const { key, scope, session, submissionId } = run
  const idempotencyKey = sha256(`${submissionId} ${api.name} ${key}`)
  const call = callOf(run, api, idempotencyKey)
  const { answer, errors, waitedMs } = await run.caller.do(call, scope, idempotencyKey)
  const reply = readReply(answer, run)
  const made = reply.kind === 'mistake' ? await stay(run, reply, errors) : await follow(run, reply)
  const vars = reply.kind === 'mistake' ? {} : varsIn(answer)
  return {
    ...made,
    ...(Object.keys(vars).length > 0 && { vars: { ...session.vars, ...vars } }),
    errors: [...errors, ...made.errors],
    upstreamMs: waitedMs + made.upstreamMs,
  }
}

function callOf({ flow, request, scope }: Run, api: Api, idempotencyKey: string): Call {
  const { action, version, screen, data, token } = request
  const { session, known, at, vars } = scope
  const body = {
    flow: flow.key,
    version,
    action: ACTION_NAMES[action],
    screen,
    data,
    flow_token: token,
    session: { ...(session as JsonObject), known, at, vars } as JsonObject,
    idempotency_key: idempotencyKey,
  }
  const fixed = Object.entries(body).map(([name, value]) => ({ name, value: { fixed: value } }))
  return { name: api.name, api, with: fixed }
}

/** As Meta names them. Reports of the phone are not forwarded. */
const ACTION_NAMES: { readonly [action in Action]: string } = {
  init: 'INIT',
  submit: 'data_exchange',
  back: 'BACK',
  client_error: 'data_exchange',
}

type ForwardReply =
  | { readonly kind: 'screen'; readonly screen: string; readonly data: JsonObject; readonly field?: string }
  | { readonly kind: 'completed'; readonly params: JsonObject }
  | { readonly kind: 'refused'; readonly message: string; readonly field?: string }
  | { readonly kind: 'closed'; readonly message: string }
type Mistake = { readonly kind: 'mistake'; readonly message: string }

/** The message of a mistake names no value of the answer, which may be personal. */
function readReply(answer: ApiAnswer | undefined, { flow, request }: Run): ForwardReply | Mistake {
  const body = answer?.body
  const given = isObject(body) ? body : {}
  const { status, error_msg, error_message, field, screen } = given
  if (answer?.status === 427 || (answer?.ok && status === 427))
    return { kind: 'closed', message: typeof error_msg === 'string' ? error_msg : '' }
  if (!answer?.ok) return mistake(`answered ${answer?.status ?? 'nothing'}`)
  if (!isObject(body)) return mistake('answered JSON that is no object')
  const refusedField = typeof field === 'string' && { field }
  if (screen === undefined && typeof error_message === 'string' && error_message !== '')
    return { kind: 'refused', message: error_message, ...refusedField }
  if (typeof screen !== 'string') return mistake('answered neither a screen nor an error_message nor status 427')
  const data = given.data ?? {}
  if (!isObject(data)) return mistake('answered data that is no object')
  if (screen === SUCCESS) return { kind: 'completed', params: paramsIn(data) }
  const why = misplaced(screen, request.action === 'init' ? undefined : request.screen, flow)
  return why === undefined ? { kind: 'screen', screen, data, ...refusedField } : mistake(why)
}

/** What the server wants to know again. */
function varsIn(answer: ApiAnswer | undefined): JsonObject {
  const vars = isObject(answer?.body) ? answer.body.vars : undefined
  return isObject(vars) ? vars : {}
}

const mistake = (message: string): Mistake => ({ kind: 'mistake', message })

function paramsIn({ extension_message_response: response }: JsonObject): JsonObject {
  const params = isObject(response) ? response.params : undefined
  return isObject(params) ? params : {}
}

/** Why the phone would not take the screen. `from`: undefined on opening. */
function misplaced(screen: string, from: string | undefined, { flowJson, screens, isLearning }: Flow) {
  if (flowJson) {
    if (!flowJson.screens.has(screen)) return 'answered with a screen that the Flow JSON does not have'
    const isKnown = from === undefined || flowJson.screens.has(from)
    return isKnown && !mayAnswer(flowJson, from, screen)
      ? `answered with screen ${screen}, which the Flow JSON does not allow ${from === undefined ? 'on opening' : `after ${from}`}`
      : undefined
  }
  if (isLearning ? SCREEN_ID.test(screen) : screens.has(screen)) return undefined
  return isLearning ? 'answered with a screen whose name no phone takes' : 'answered with a screen that is not defined'
}

/** By Meta's "Flow JSON", `id` of a screen. */
const SCREEN_ID = /^[A-Za-z_]{1,80}$/

async function follow(run: Run, reply: ForwardReply): Promise<Made | Closed> {
  const { request, scope } = run
  switch (reply.kind) {
    case 'closed':
      return { kind: 'closed', message: reply.message, errors: [], upstreamMs: 0 }
    case 'completed': {
      const params = { flow_token: request.token, ...reply.params }
      const data = { extension_message_response: { params } }
      return { kind: 'made', outcome: 'completed', next: SUCCESS, data, errors: [], upstreamMs: 0 }
    }
    case 'refused':
      return refused(await showUnchanged(run, hereOf(run), scope), reply.message, [refusal(reply.message, reply.field)])
    case 'screen': {
      const { screen, data, field } = reply
      const { error_message: told } = data
      const shown = await show(run, screen, scope, data)
      if (shown.isFailed) return failedOn(run, await showUnchanged(run, hereOf(run), scope), ...shown.errors)
      if (typeof told !== 'string' || told === '') return shownAs(shown)
      if (request.action === 'submit' && screen === request.screen) return refused(shown, told, [refusal(told, field)])
      const made = shownAs(shown)
      return { ...made, errors: [...made.errors, refusal(told, field)] }
    }
  }
}

const refusal = (message: string, field = 'forward'): TrailError => ({
  code: 'invalid_field',
  field,
  rule: 'api',
  message,
})

/** The person stays where they are, and may try again. `known`: what was found wrong already. */
async function stay(run: Run, { message }: Mistake, known: readonly TrailError[]): Promise<Made> {
  const isSaid = known.some(({ code }) => code.startsWith('upstream_'))
  const errors = isSaid ? [] : [{ code: 'upstream_body', field: 'forward', message: `forward ${message}` }]
  if (run.request.action === 'init') return unopened(run, errors)
  return failedOn(run, await showUnchanged(run, hereOf(run), run.scope), ...errors)
}

/** There is no screen yet: the phone says that something went wrong, and offers to try again. */
const unopened = ({ flow }: Run, errors: readonly TrailError[]): Made => ({
  kind: 'made',
  status: 503,
  outcome: 'failed',
  next: '',
  data: { error_message: flow.failureMessage },
  errors,
  upstreamMs: 0,
})

const hereOf = ({ flow, request, session }: Run): string => request.screen || (session.path.at(-1) ?? flow.start)
