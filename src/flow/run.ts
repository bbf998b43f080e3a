// A request under way, and what each step of it needs.

import { isObject, type JsonObject } from '../lib/json.ts'
import type { TrailError } from '../trail/event.ts'
import type { FlowRequest } from '../wire/request.ts'
import { type Caller, valuesOf } from './calls.ts'
import type { Assignment, Branch, Flow } from './definition.ts'
import { type Evaluate, type Expression, isTrue, type Scope } from './expression.ts'
import type { LiveSession } from './live-session.ts'
import { failed, type Made } from './made.ts'
import { type SessionState, withVars } from './scope.ts'
import { type Shown, showScreen } from './show-screen.ts'

export type Run = {
  readonly flow: Flow
  readonly request: FlowRequest
  readonly session: SessionState
  readonly scope: Scope
  readonly evaluate: Evaluate
  readonly caller: Caller
  /** Equal for two taps on the same. */
  readonly key: string
  readonly pending: LiveSession['pending']
  /** Equal for all tries of one submission. */
  readonly submissionId: string
}

/** For somebody who comes to the screen. `given`: by another server, in place of what the config says. */
export const show = (run: Run, id: string, scope: Scope, given: JsonObject = {}): Promise<Shown> =>
  showScreen(run.flow, id, scope, { ...run, given, lastSent: {}, sentBefore: sentBefore(run, id) })

/** For somebody who has seen it before: what has no value now is what it was, or what the phone sent along. */
export function showAgain(run: Run, id: string, scope: Scope): Promise<Shown> {
  const sent = sentBefore(run, id)
  const along = run.request.screen === id ? run.request.data : {}
  return showScreen(run.flow, id, scope, {
    ...run,
    given: givenBefore(run, id, sent),
    lastSent: { ...along, ...sent },
    sentBefore: sent,
  })
}

/** What the screen was sent with and the config does not have. */
function givenBefore({ flow }: Run, id: string, sent: JsonObject): JsonObject {
  const declared = new Set(flow.screens.get(id)?.data.map(({ name }) => name))
  return Object.fromEntries(Object.entries(sent).filter(([name]) => !declared.has(name)))
}

function sentBefore({ session }: Run, id: string): JsonObject {
  const sent = session.sent[id]
  return isObject(sent) ? sent : {}
}

/** The screen of a request that changes nothing, so that what it said is not seen either. */
export const showUnchanged = (run: Run, id: string, scope: Scope): Promise<Shown> =>
  showAgain(run, id, { ...scope, known: run.session.known, at: run.session.at })

/** With the flow's failure message. */
export const failedOn = ({ flow }: Run, shown: Shown, ...errors: readonly TrailError[]): Made =>
  failed(shown, flow.failureMessage, errors)

/** Each sees the ones before. One without a result is no longer there; one that fails stays as it was. */
export async function assign(
  assignments: readonly Assignment[],
  scope: Scope,
  vars: JsonObject,
  evaluate: Evaluate,
): Promise<{ readonly vars: JsonObject; readonly errors: readonly TrailError[] }> {
  let assigned = vars
  const errors: TrailError[] = []
  for (const assignment of assignments) {
    const { values, errors: found } = await valuesOf([assignment], withVars(scope, assigned), evaluate)
    errors.push(...found)
    if (found.length > 0) continue
    const { [assignment.name]: _, ...others } = assigned
    assigned = { ...others, ...values }
  }
  return { vars: assigned, errors }
}

/** The first branch that applies. Where a call failed, only those apply that look at how it went: nothing else expects that. */
export async function branchOf(
  branches: readonly Branch[],
  failedCalls: readonly string[],
  scope: Scope,
  evaluate: Evaluate,
): Promise<{ readonly branch: Branch | undefined; readonly errors: readonly TrailError[] }> {
  const errors: TrailError[] = []
  for (const branch of branches) {
    const { when } = branch
    if (failedCalls.length > 0 && !(when && callsJudgedBy(when).some((name) => failedCalls.includes(name)))) continue
    if (!when) return { branch, errors }
    const evaluated = await evaluate(when, scope)
    if (isTrue(evaluated)) return { branch, errors }
    if (!evaluated.ok) errors.push({ code: 'expression_failed', message: evaluated.message })
  }
  return { branch: undefined, errors }
}

/** The calls of which it looks whether they are ok, at their status or their error. */
const callsJudgedBy = ({ text }: Expression): string[] =>
  [...text.matchAll(/\bapi\.(\w+)\.(?:ok|status|error)\b/g)].map(([, name = '']) => name)

/** The calls whose answers it looks at. */
export const apisIn = ({ text }: Expression): string[] =>
  [...text.matchAll(/\bapi\.(\w+)/g)].map(([, name = '']) => name)
