// What each screen submits: by name, with its type and the components that people enter it in.

import type { Json } from '../lib/json.ts'
import type { Action, FlowJson, Value, ValueType } from './flow-json.ts'
import { distinctOrigins, type Inferred, inferIn, type Origin } from './infer.ts'
import { commonType } from './value-type.ts'

export type Field = {
  readonly name: string
  /** `unknown` where its actions differ. */
  readonly type: ValueType
  /** On this screen or, passed on by `navigate`, on earlier ones. The options that can be chosen are the components'. */
  readonly origins: readonly Origin[]
  /** What an action submits always, such as `{"op": "add"}`. */
  readonly constants: readonly Json[]
  /** Whether it can be data that the endpoint sent to the phone before. */
  readonly isSent: boolean
  readonly sentBy: readonly Action[]
  /** Whether each `data_exchange` of the screen submits it; false if there is none. */
  readonly isAlwaysSent: boolean
}

/** Whether it is what people entered, what was sent, or a constant: nothing is made of it. */
export const isSubmittedAsIs = ({ name, sentBy }: Field): boolean =>
  sentBy.every(({ payload }) => ['reference', 'constant'].includes(payload.get(name)?.kind ?? ''))

const SUBMITTING: readonly string[] = ['data_exchange', 'navigate', 'complete']

/**
 * The payload keys of a screen, in the order of the file. `kinds` chooses the actions that count: an endpoint is sent those of
 * `data_exchange`, the next screen those of `navigate`, the chat those of `complete`. Empty for a screen that does not exist.
 * Who asks for many screens makes `infer` once, which goes through the whole flow.
 */
export function fieldsOf(
  flowJson: FlowJson,
  screen: string,
  kinds: readonly string[] = SUBMITTING,
  infer = inferIn(flowJson),
): readonly Field[] {
  const actions = flowJson.screens.get(screen)?.actions ?? []
  const exchanges = actions.filter(({ kind }) => kind === 'data_exchange')
  const sent = actions
    .filter(({ kind }) => kinds.includes(kind))
    .flatMap((action) =>
      [...action.payload].map(([name, value]) => ({ name, action, value, inferred: infer(screen, value) })),
    )
  return [...Map.groupBy(sent, ({ name }) => name)].map(([name, uses]) => ({
    name,
    ...combined(uses.map(({ inferred }) => inferred)),
    constants: distinctConstants(uses.map(({ value }) => value)),
    sentBy: uses.map(({ action }) => action),
    isAlwaysSent: exchanges.length > 0 && exchanges.every(({ payload }) => payload.has(name)),
  }))
}

function combined(parts: readonly Inferred[]): Inferred {
  return {
    type: commonType(parts.map(({ type }) => type)),
    origins: distinctOrigins(parts.flatMap(({ origins }) => origins)),
    isSent: parts.some(({ isSent }) => isSent),
  }
}

function distinctConstants(values: readonly Value[]): readonly Json[] {
  const constants = values.flatMap((value) => (value.kind === 'constant' ? [value.value] : []))
  return [...new Map(constants.map((value) => [JSON.stringify(value), value])).values()]
}
