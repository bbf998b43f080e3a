// A screen with its data.

import { fitsAll } from '../flow-json/fitting.ts'
import type { Screen as JsonScreen } from '../flow-json/flow-json.ts'
import { isObject, type Json, type JsonObject, own } from '../lib/json.ts'
import type { TrailError } from '../trail/event.ts'
import { answersOf, type Caller } from './calls.ts'
import type { Flow, Screen } from './definition.ts'
import type { Evaluate, Scope } from './expression.ts'
import { fitToScreen } from './fit-to-screen.ts'
import { withAnswers } from './scope.ts'
import { render } from './template.ts'

export type Shown = {
  readonly screen: string
  readonly data: JsonObject
  /** The part of the data that is not the same each time. */
  readonly sent: JsonObject
  /** Whether the phone ends the flow there, and how that counts. */
  readonly ends?: Screen['ends']
  /** Whether an API that it needs did not answer. */
  readonly isFailed: boolean
  readonly errors: readonly TrailError[]
  readonly waitedMs: number
}

type Deps = {
  readonly caller: Caller
  readonly evaluate: Evaluate
  /** What is sent, whatever the config says. */
  readonly given: JsonObject
  /** What stands for an expression without a result. */
  readonly lastSent: JsonObject
  /** What this screen was sent with before in the session, if it was. */
  readonly sentBefore: JsonObject
}

/**
 * Asks the APIs of the screen, then works out its data. For an expression without a result stands what the screen was last sent with;
 * else what the config gives in its place; else nothing. What the Flow JSON then still misses is looked for in what was said and sent.
 */
export async function showScreen(flow: Flow, id: string, scope: Scope, deps: Deps): Promise<Shown> {
  const { caller, evaluate, given, lastSent } = deps
  const screen = flow.screens.get(id)
  const asked = await caller.ask(screen?.ask ?? [], scope)
  const seen = withAnswers(scope, answersOf(asked))
  const data: { [name: string]: Json } = { ...given }
  const { error_message: _, ...sent }: { [name: string]: Json } = given
  const errors: TrailError[] = asked.flatMap((call) => call.errors)
  const entries = (screen?.data ?? []).filter(({ name }) => !Object.hasOwn(given, name))
  const rendered = await Promise.all(entries.map(({ value }) => render(value, seen, evaluate)))
  for (const [index, { name, value, otherwise }] of entries.entries()) {
    const made = rendered[index]
    errors.push(...(made?.errors ?? []).map((error) => ({ ...error, field: name })))
    const result = made?.value ?? own(lastSent, name) ?? (otherwise && (await render(otherwise, seen, evaluate)).value)
    if (result === undefined) continue
    data[name] = result
    if (value.kind !== 'fixed' && name !== 'error_message') sent[name] = result
  }
  const shown = {
    screen: id,
    data,
    sent,
    ...(screen?.ends && { ends: screen.ends }),
    isFailed: asked.some((call) => call.isFailed),
    errors,
    waitedMs: Math.max(0, ...asked.map((call) => call.waitedMs)),
  }
  const inFlowJson = screen?.inFlowJson
  if (!inFlowJson || fitsAll(inFlowJson.data, data)) return shown
  const { input, known } = scope
  const earlier = [lastSent, deps.sentBefore, input, known].filter(isObject)
  return fittedTo(inFlowJson, shown, { earlier, usesExamples: flow.usesExamples })
}

function fittedTo(screen: JsonScreen, shown: Shown, sources: Parameters<typeof fitToScreen>[2]): Shown {
  const { data, errors } = fitToScreen(screen, shown.data, sources)
  const isFixed = (name: string) => Object.hasOwn(shown.data, name) && !Object.hasOwn(shown.sent, name)
  const sent = Object.fromEntries(Object.entries(data).filter(([name]) => !isFixed(name)))
  return { ...shown, data, sent, errors: [...shown.errors, ...errors] }
}
