import { titlesIn } from '../flow-json/titles.ts'
import { choicesOf, type Flow } from './definition.ts'

/** Plain data about a flow, which can go to another thread. */
export type Outline = Readonly<ReturnType<typeof outlineOf>>

export const outlineOf = (flow: Flow) => ({
  version: flow.version,
  /** Who answers. */
  by: flow.tap ? ('tap' as const) : flow.forward ? ('forward' as const) : ('config' as const),
  /** Whether the answers of a tapped endpoint are compared with the config's. */
  isCompared: flow.tap?.isCompared === true,
  isLearning: flow.isLearning,
  start: flow.start,
  screens: [...flow.screens.keys()] as readonly string[],
  funnel: flow.funnel,
  titles: titlesIn(flow.flowJson),
  choices: choicesOf(flow) as { readonly [screen: string]: readonly string[] },
})
