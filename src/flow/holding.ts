// A flow's config and its Flow JSON, side by side, and how the one is told not to fit the other.

import type { FlowJson, Screen as JsonScreen, Place } from '../flow-json/flow-json.ts'
import type { FlowProblem, KeyPath } from './compile-field.ts'
import type { Flow } from './definition.ts'
import type { FlowConfig } from './schema.ts'

/** `file`: what sentences call it. */
export type FlowJsonSource = { readonly flowJson: FlowJson; readonly file: string }

export type Holding = {
  readonly config: FlowConfig
  readonly flow: Flow
  readonly flowJson: FlowJson
  /** `(flows/booking.json:12:7)` */
  at(place: Place): string
  /** Of a key, where `path` ends in one whose value is a mapping. */
  mistake(path: KeyPath, message: string, at?: FlowProblem['at']): void
  odd(path: KeyPath, message: string, at?: FlowProblem['at']): void
}

/** Whether the phone asks us from there: by an action of its own, or by one that items have which we send. */
export const asksUs = ({ actions, components }: JsonScreen): boolean =>
  actions.some(({ kind }) => kind === 'data_exchange') || sendsUnknownActions({ components })

/** Items that the endpoint sends can have actions that no example shows. */
export const sendsUnknownActions = ({ components }: Pick<JsonScreen, 'components'>): boolean =>
  components.some(({ type, options }) => type === 'NavigationList' && options?.from !== 'list')
