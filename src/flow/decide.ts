// What a request leads to, by its action.

import { suggest } from '../lib/suggest.ts'
import { lengthOf } from '../lib/text.ts'
import { screenBefore } from '../trail/way.ts'
import { answersOf } from './calls.ts'
import type { Exchange, Flow, Screen } from './definition.ts'
import { type Evaluate, isTrue, type Scope } from './expression.ts'
import { forward } from './forward.ts'
import { type Closed, type Made, shownAs } from './made.ts'
import { assign, branchOf, failedOn, type Run, show, showAgain } from './run.ts'
import { withAnswers, withVars } from './scope.ts'
import { type Exchanged, submit } from './submit.ts'
import { renderSentence } from './template.ts'

/** `trigger`: the flow's marker of a component's exchange. */
export async function decide(run: Run, trigger: string | undefined): Promise<Made | Closed> {
  const { flow, request, session, scope } = run
  const screen = flow.screens.get(request.screen)
  if (flow.forward && !(screen && request.action === 'submit')) return forward(run, flow.forward)
  if (request.action === 'init') return open(run)
  if (request.action === 'back') return goBack(run)
  if (!screen) {
    const error = { code: 'unknown_screen', message: unknownScreen(request.screen, flow) }
    return failedOn(run, await showAgain(run, session.path.at(-1) ?? flow.start, scope), error)
  }
  const exchange =
    (await exchangeOf(screen, run.scope, run.evaluate)) ?? (trigger === undefined ? undefined : markedExchange(trigger))
  return submit(run, screen, exchange)
}

/** That of a single component, if the request is one. */
export async function exchangeOf({ on }: Screen, scope: Scope, evaluate: Evaluate): Promise<Exchange | undefined> {
  for (const exchange of on) if (isTrue(await evaluate(exchange.when, scope))) return exchange
  return undefined
}

/** The screen again. */
const markedExchange = (name: string): Exchanged => ({ name, do: [], set: [], next: [] })

async function goBack(run: Run): Promise<Made> {
  const { flow, request, session, scope } = run
  const shown = await showAgain(run, screenBefore(session.path, request.screen) ?? flow.start, scope)
  return shown.isFailed ? failedOn(run, shown) : shownAs(shown)
}

async function open(run: Run): Promise<Made | Closed> {
  const { flow, caller, evaluate, session } = run
  const { ask, set, next } = flow.open
  const asked = await caller.ask(ask, run.scope)
  const waitedMs = Math.max(0, ...asked.map((call) => call.waitedMs))
  const answered = withAnswers(run.scope, answersOf(asked))
  const assigned = await assign(set, answered, session.vars, evaluate)
  const seen = withVars(answered, assigned.vars)
  const failed = asked.filter((call) => call.isFailed).map(({ name }) => name)
  const { branch, errors } = await branchOf(next, failed, seen, evaluate)
  const before = [...asked.flatMap((call) => call.errors), ...assigned.errors, ...errors]
  if (branch?.kind === 'close') {
    const { text, errors: found } = await renderSentence(branch.message, seen, evaluate)
    return { kind: 'closed', message: text, errors: [...before, ...found], upstreamMs: waitedMs }
  }
  const { vars, errors: late } = await assign(branch?.set ?? [], seen, assigned.vars, evaluate)
  const scope = withVars(seen, vars)
  const shown = await show(run, branch?.kind === 'to' ? branch.to : flow.start, scope)
  const isUnled = branch === undefined && (failed.length > 0 || next.length > 0)
  const made = shown.isFailed || isUnled ? failedOn(run, shown) : shownAs(shown)
  const { text, errors: found } =
    branch?.kind === 'to' && branch.message ? await renderSentence(branch.message, scope, evaluate) : NOTHING_TOLD
  return {
    ...made,
    ...(text !== '' && { data: { ...made.data, error_message: text } }),
    errors: [...before, ...late, ...made.errors, ...found],
    upstreamMs: waitedMs + made.upstreamMs,
    vars,
  }
}

const NOTHING_TOLD = { text: '', errors: [] }

/** Never quotes the name, which a client can make up; a typo shows by the screen with a similar name. */
function unknownScreen(screen: string, { screens }: Flow): string {
  if (screen === '') return 'the request does not say which screen it came from'
  const meant = suggest(screen, [...screens.keys()])
  const near = meant === undefined ? '' : `; ${meant} has nearly the same name`
  return `the request came from a screen that the config does not define; its name has ${lengthOf(screen)} characters${near}`
}
