import { choicesOf, type Flow } from './definition.ts'

/** Plain data about a flow, which can go to another thread. */
export type Outline = Pick<Flow, 'version' | 'start' | 'funnel'> & {
  readonly screens: readonly string[]
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
