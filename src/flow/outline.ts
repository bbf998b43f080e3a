// What is told about a flow, without what answering takes: plain data, which can go to another thread.

import { choicesOf, type Flow } from './definition.ts'

export type Outline = {
  readonly version: string
  readonly start: string
  readonly screens: readonly string[]
  readonly funnel: readonly (readonly string[])[]
  /** The closed-choice fields of each screen. */
  readonly choices: { readonly [screen: string]: readonly string[] }
}

export const outlineOf = (flow: Flow): Outline => ({
  version: flow.version,
  start: flow.start,
  screens: [...flow.screens.keys()],
  funnel: flow.funnel,
  choices: choicesOf(flow),
})
