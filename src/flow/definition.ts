// A flow as it is served: the config of one flow, compiled.

import type { Json } from '../lib/json.ts'
import type { Expression } from './expression.ts'
import type { Pattern } from './field-pattern.ts'
import { isClosedChoice } from './field-types.ts'
import type { FieldConfig, FlowConfig, SourceConfig } from './schema.ts'

export type Flow = {
  readonly key: string
  /** Fingerprint of the flow's config, including the order of the funnel. */
  readonly version: string
  readonly start: string
  readonly screens: ReadonlyMap<string, Screen>
  readonly sources: ReadonlyMap<string, DataSource>
  /** Ordered steps, each reached on any of its screens. */
  readonly funnel: readonly (readonly string[])[]
  /** Every name in its config: of screens, their fields and their data. */
  readonly names: ReadonlySet<string>
  /** The fields of all screens by name; several screens can use one name. */
  readonly fields: ReadonlyMap<string, readonly Field[]>
  /** The ids of the options that the config itself sends. */
  readonly options: ReadonlySet<string>
  /** Whether some screen offers options that the config does not list. */
  readonly hasOpenChoices: boolean
  readonly trigger?: Expression
  /** The values of the trigger that the config lists. */
  readonly triggers: ReadonlySet<string>
  readonly sequence?: Expression
  readonly tokens?: {
    readonly accept?: Expression
    readonly expiredMessage: string
    readonly keep?: 'keep' | 'hash'
  }
  readonly failureMessage: string
}

export type Screen = {
  readonly id: string
  readonly data: readonly DataEntry[]
  readonly fields: readonly Field[]
  readonly fieldNames: ReadonlySet<string>
  /** The first whose `when` holds applies. Empty on a screen that is never submitted. */
  readonly next: readonly { readonly when?: Expression; readonly to: string }[]
  /** The params of the completion, if submitting this screen ends the flow. */
  readonly complete?: readonly { readonly name: string; readonly value: Expression | { readonly fixed: Json } }[]
}

/** One property of the data a screen is sent with. */
export type DataEntry =
  | { readonly kind: 'fixed'; readonly name: string; readonly value: Json }
  | { readonly kind: 'expression'; readonly name: string; readonly expression: Expression }
  | {
      readonly kind: 'source'
      readonly name: string
      readonly source: string
      readonly with: readonly SourceParameter[]
    }

export type SourceParameter = { readonly name: string; readonly expression: Expression }

export type Field = {
  readonly name: string
  readonly config: FieldConfig
  readonly pattern?: Pattern
  readonly checks: readonly { readonly that: Expression; readonly message?: string }[]
}

export type DataSource = { readonly name: string; readonly config: SourceConfig; readonly map?: Expression }

/** All screens in their order if the config defines no funnel. */
export const defaultFunnel = ({ funnel, screens }: Pick<FlowConfig, 'funnel' | 'screens'>): Flow['funnel'] =>
  (funnel ?? Object.keys(screens)).map((step) => [step].flat())

/** The closed-choice fields of each screen: their values are kept and can explain why people leave. */
export function choicesOf(flow: Flow): { [screen: string]: string[] } {
  return Object.fromEntries(
    [...flow.screens.values()].map((screen) => [
      screen.id,
      screen.fields.filter((field) => isClosedChoice(field.config.type)).map((field) => field.name),
    ]),
  )
}
