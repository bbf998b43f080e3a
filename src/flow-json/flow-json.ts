// What is known of the screens of a flow from its Flow JSON, as Meta documents it ("Flow JSON" and "Components", versions 2.1 to 7.3).

import type { Json } from '../lib/json.ts'

/** In the Flow JSON's text, counted from 1; columns in UTF-16 units. */
export type Place = { readonly line: number; readonly column: number }

/** A sentence about the Flow JSON, where it is true. */
export type Finding = Place & { readonly file: string; readonly message: string }

export type FlowJson = {
  /** Equal for equal content, whatever its white space and the order of its keys. */
  readonly digest: string
  /** As written, such as `7.3`. */
  readonly version: string
  /** Absent when no endpoint answers this flow. */
  readonly dataApiVersion?: string
  /** Which screens may follow which, forwards. Absent when WhatsApp works it out from the `navigate` actions. */
  readonly routingModel?: ReadonlyMap<string, readonly string[]>
  /** By id, in the order of the file. */
  readonly screens: ReadonlyMap<string, Screen>
}

export type Screen = {
  readonly id: string
  readonly place: Place
  readonly title?: Value
  readonly isTerminal: boolean
  /** Whether ending here is a success; says something of terminal screens only. */
  readonly isSuccess: boolean
  /** Whether Back on this screen asks the endpoint for the one before. */
  readonly refreshOnBack: boolean
  /** Names of inputs that WhatsApp hides in the summary of what was answered. */
  readonly sensitive: readonly string[]
  /** What the screen must be sent with, by name. */
  readonly data: ReadonlyMap<string, DataProperty>
  /** Those in forms and branches, too; in the order of the file. */
  readonly components: readonly Component[]
  readonly actions: readonly Action[]
}

export type DataProperty = { readonly place: Place; readonly type: ValueType; readonly example?: Json }

/** The types of Flow JSON. `unknown` is what cannot be told from the file. */
export type ValueType =
  | { readonly type: 'string' | 'number' | 'boolean' | 'unknown' }
  | { readonly type: 'array'; readonly items: ValueType }
  | { readonly type: 'object'; readonly properties: ReadonlyMap<string, ValueType> }

/** `${form.name}`, `${data.name}`; with `screen` as `${screen.SCREEN.form.name}`. */
export type Reference = { readonly to: 'form' | 'data'; readonly screen?: string; readonly name: string }

export type Value = { readonly place: Place } & ValueContent
export type ValueContent =
  | { readonly kind: 'constant'; readonly value: Json }
  | ({ readonly kind: 'reference' } & Reference)
  /** Text in backticks, a condition, or a text with references in it. */
  | { readonly kind: 'expression'; readonly text: string; readonly references: readonly Reference[] }
  | { readonly kind: 'object'; readonly entries: ReadonlyMap<string, Value> }
  | { readonly kind: 'list'; readonly items: readonly Value[] }
  /** Stands in an `__example__`: when the flow runs the endpoint sends another of its type. */
  | { readonly kind: 'sample'; readonly value: Json; readonly type: ValueType }

/** A branch of an `If` (its condition `holds` or not) or of a `Switch` (its value `equals`). */
export type Branch =
  | { readonly on: 'If'; readonly condition: string; readonly holds: boolean }
  | { readonly on: 'Switch'; readonly value: string; readonly equals: string }

export type Component = {
  /** Such as `TextInput`; also one that we do not know. */
  readonly type: string
  readonly place: Place
  /** What must hold for it to be there, from the outermost. */
  readonly branches: readonly Branch[]
  readonly name?: string
  /** Of a range of dates it is an object. */
  readonly label?: Value
  readonly required?: Value
  /** Its own `init-value`, else what the form around it gives it. */
  readonly initValue?: Value
  readonly options?: Options
  readonly limits: Limits
  /** All that it has besides actions and inner components, as it is written. */
  readonly properties: ReadonlyMap<string, Value>
}

/** What can be chosen. Those from data are examples; the endpoint or the screen before sends others. */
export type Options =
  | { readonly from: 'list'; readonly items: readonly Option[] }
  | { readonly from: 'data'; readonly reference: Reference; readonly examples: readonly Option[] }
  | { readonly from: 'elsewhere' }

export type Option = { readonly id: string; readonly title?: string; readonly isEnabled: boolean }

/** A limit that is no constant is known only when the flow runs. */
export type Limit<T> = T | Value

export type Limits = {
  readonly inputType?: string
  readonly pattern?: string
  readonly helperText?: Value
  readonly minChars?: Limit<number>
  /** Also the `max-length` of a TextArea. */
  readonly maxChars?: Limit<number>
  readonly minSelected?: Limit<number>
  readonly maxSelected?: Limit<number>
  /** `YYYY-MM-DD`; of a DatePicker before version 5.0 milliseconds as text. */
  readonly minDate?: Limit<string>
  readonly maxDate?: Limit<string>
  readonly minDays?: Limit<number>
  readonly maxDays?: Limit<number>
  readonly minFiles?: Limit<number>
  readonly maxFiles?: Limit<number>
}

export type ActionKind = 'data_exchange' | 'navigate' | 'complete' | 'open_url' | 'update_data'

export type Action = {
  /** Another text in versions newer than we know. */
  readonly kind: ActionKind | (string & {})
  readonly place: Place
  readonly by: Component
  readonly event: 'on-click-action' | 'on-select-action' | 'on-unselect-action'
  /** Which item of a list makes it, when the item has an action of its own. */
  readonly option?: string
  /** Whether it was seen in an `__example__`: the endpoint sends such actions with the items of a list. */
  readonly isExample: boolean
  /** The screen a `navigate` leads to. */
  readonly target?: string
  readonly url?: Value
  readonly payload: ReadonlyMap<string, Value>
}
