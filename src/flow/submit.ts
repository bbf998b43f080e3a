// A submission: validated, then the calls, then the first branch that applies.

import { sha256 } from '../lib/ids.ts'
import { isMissing, type Json, type JsonObject } from '../lib/json.ts'
import { SUCCESS, type TrailError } from '../trail/event.ts'
import type { ApiAnswer } from './call-api.ts'
import type { Branch, Call, DataEntry, Exchange, Field, Screen } from './definition.ts'
import type { Scope } from './expression.ts'
import { forward } from './forward.ts'
import { type Closed, type Made, refused, shownAs } from './made.ts'
import { apisIn, assign, branchOf, failedOn, type Run, show, showAgain, showUnchanged } from './run.ts'
import { withAnswers, withVars } from './scope.ts'
import type { Shown } from './show-screen.ts'
import { render, renderSentence } from './template.ts'
import { validate } from './validate.ts'

export type Exchanged = Omit<Exchange, 'when'>

/** `exchange`: that of a single component; without, the whole screen is submitted. */
export async function submit(run: Run, screen: Screen, exchange: Exchanged | undefined): Promise<Made | Closed> {
  const refusals = await refusalsOf(run, screen, exchange)
  if (refusals.length > 0) {
    const message = [...new Set(refusals.map((refusal) => refusal.message))].join(' ')
    return { ...refused(await showUnchanged(run, screen.id, run.scope), message, refusals), ...named(exchange) }
  }
  const elsewhere = screen.forward ?? run.flow.forward
  if (elsewhere) return { ...(await forward(run, elsewhere)), ...named(exchange) }
  const { do: calls, set, next } = exchange ?? screen.submission
  const done = await doAll(run, calls)
  const answered = withAnswers(run.scope, done.answers)
  const assigned = await assign(set, answered, run.session.vars, run.evaluate)
  const seen = withVars(answered, assigned.vars)
  const { branch, errors } = await branchOf(next, done.failed, seen, run.evaluate)
  const { vars, errors: late } = await assign(branch?.set ?? [], seen, assigned.vars, run.evaluate)
  const scope = withVars(seen, vars)
  const made = branch
    ? await take(run, branch, screen, scope)
    : await stayOn(run, screen, scope, { isExchange: exchange !== undefined, failed: done.failed, known: done.errors })
  const before = [...done.errors, ...assigned.errors, ...errors, ...late]
  const whole = { ...made, errors: [...before, ...made.errors], upstreamMs: done.waitedMs + made.upstreamMs }
  if (whole.kind === 'closed') return { ...whole, answers: done.kept }
  // A failure changes nothing, so that the next try begins where this one did.
  return { ...whole, ...(whole.outcome !== 'failed' && { vars }), answers: done.kept, ...named(exchange) }
}

const named = (exchange: Exchanged | undefined) => (exchange ? { exchange: exchange.name } : {})

function refusalsOf({ flow, request, scope, evaluate }: Run, screen: Screen, exchange: Exchanged | undefined) {
  const isPart = exchange !== undefined
  const judged = judgedFields(screen.fields, request.data, isPart)
  return validate(judged, { flow, input: request.data, scope, evaluate, isPart })
}

/** A component submits only a part: only what it sends is judged, and only whether it can be chosen at all. */
export function judgedFields(all: readonly Field[], input: JsonObject, isPart: boolean): readonly Field[] {
  const fields = all.filter(({ isInferred }) => !isInferred)
  return isPart ? fields.filter(({ name }) => !isMissing(input[name])) : fields
}

/** In their order. `kept`: what need not be asked again if the person has to try again. */
async function doAll({ caller, key, pending, submissionId, scope }: Run, calls: readonly Call[]) {
  const earlier = pending?.key === key ? pending.answers : {}
  const answers: { [name: string]: ApiAnswer } = {}
  const kept: { [name: string]: ApiAnswer } = {}
  const errors: TrailError[] = []
  const failedCalls: string[] = []
  let waitedMs = 0
  for (const call of calls) {
    const { name } = call
    const known = call.fresh === undefined ? earlier[name] : undefined
    const made = known
      ? { answer: known, isFailed: false, errors: [], waitedMs: 0 }
      : await caller.do(call, withAnswers(scope, answers), sha256(`${submissionId} ${name} ${key}`))
    waitedMs += made.waitedMs
    errors.push(...made.errors)
    if (made.answer) answers[name] = made.answer
    if (made.answer?.ok) kept[name] = made.answer
    if (made.isFailed) failedCalls.push(name)
  }
  return { answers, kept, errors, failed: failedCalls, waitedMs }
}

async function take(run: Run, branch: Branch, screen: Screen, scope: Scope): Promise<Made | Closed> {
  switch (branch.kind) {
    case 'to':
      return goTo(run, branch, screen, scope)
    case 'stay': {
      const { text, errors } = await renderSentence(branch.message, scope, run.evaluate)
      const message = text === '' ? run.flow.failureMessage : text
      const refusal = { ...refusalBy(branch, message), ...(branch.field !== undefined && { field: branch.field }) }
      return refused(await showUnchanged(run, screen.id, scope), message, [refusal, ...errors])
    }
    case 'complete':
      return complete(run, branch.params, scope)
    case 'close': {
      const { text, errors } = await renderSentence(branch.message, scope, run.evaluate)
      return { kind: 'closed', message: text, errors, upstreamMs: 0 }
    }
  }
}

async function goTo(run: Run, branch: Branch & { readonly kind: 'to' }, screen: Screen, scope: Scope): Promise<Made> {
  const shown = await show(run, branch.to, scope)
  if (shown.isFailed) return failedOn(run, await backOn(run, screen, shown, scope))
  if (!branch.message) return shownAs(shown)
  const { text, errors } = await renderSentence(branch.message, scope, run.evaluate)
  const made = shownAs({ ...shown, errors: [...shown.errors, ...errors] })
  if (text === '') return made
  return { ...made, data: { ...made.data, error_message: text }, errors: [...made.errors, refusalBy(branch, text)] }
}

/** By the API that the branch looks at. */
function refusalBy({ when }: Branch, message: string): TrailError {
  const [api] = when ? apisIn(when) : []
  return { code: 'invalid_field', field: api ?? '', rule: api === undefined ? 'next' : 'api', message }
}

/** The screen that was to follow lacks what it needs, so the person stays. Whether it would have fitted says nothing. */
async function backOn(run: Run, { id }: Screen, tried: Shown, scope: Scope): Promise<Shown> {
  const here = await showUnchanged(run, id, scope)
  const errors = tried.errors.filter(({ code }) => code !== 'reply_mismatch')
  return { ...here, errors: [...errors, ...here.errors], waitedMs: tried.waitedMs + here.waitedMs }
}

type Unled = {
  readonly isExchange: boolean
  /** The calls that failed. */
  readonly failed: readonly string[]
  /** Errors that are recorded already. */
  readonly known: readonly TrailError[]
}

/** No branch applies: all is well after an exchange, and nothing is after a submission. */
async function stayOn(run: Run, { id }: Screen, scope: Scope, { isExchange, failed, known }: Unled): Promise<Made> {
  const isFine = isExchange && failed.length === 0
  const shown = await (isFine ? showAgain(run, id, scope) : showUnchanged(run, id, scope))
  if (isFine && !shown.isFailed) return shownAs(shown)
  if (failed.length === 0)
    return failedOn(
      run,
      shown,
      ...(isExchange ? [] : [{ code: 'no_next', message: `no branch of ${id}'s next applies` }]),
    )
  const unknown = failed.filter((name) => !known.some(({ field }) => field === name))
  const message = (name: string) => `${name} was refused by the API, and no branch of ${id}'s next looks at that`
  return failedOn(
    run,
    shown,
    ...unknown.map((name) => ({ code: 'upstream_status', field: name, message: message(name) })),
  )
}

async function complete({ request, evaluate }: Run, params: readonly DataEntry[], scope: Scope): Promise<Made> {
  const errors: TrailError[] = []
  const values: { [name: string]: Json } = {}
  for (const { name, value } of params) {
    const rendered = await render(value, scope, evaluate)
    errors.push(...rendered.errors.map((error) => ({ ...error, field: name })))
    if (rendered.value !== undefined) values[name] = rendered.value
  }
  const data: JsonObject = { extension_message_response: { params: { ...values, flow_token: request.token } } }
  return { kind: 'made', outcome: 'completed', next: SUCCESS, data, errors, upstreamMs: 0 }
}
