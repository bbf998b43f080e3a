import { type Titles, titlesIn } from '../flow-json/titles.ts'
import { choicesOf, type Flow } from './definition.ts'

/** Plain data about a flow, which can go to another thread. */
export type Outline = Pick<Flow, 'version' | 'start' | 'funnel' | 'isLearning'> & {
  /** Who answers. */
  readonly by: 'config' | 'forward' | 'tap'
  /** Whether the answers of a tapped endpoint are compared with the config's. */
  readonly isCompared: boolean
  readonly screens: readonly string[]
  readonly titles: Titles
  /** The closed-choice fields of each screen. */
  readonly choices: { readonly [screen: string]: readonly string[] }
}

export const outlineOf = (flow: Flow): Outline => ({
  version: flow.version,
  by: flow.tap ? 'tap' : flow.forward ? 'forward' : 'config',
  isCompared: flow.tap?.isCompared === true,
  isLearning: flow.isLearning,
  start: flow.start,
  screens: [...flow.screens.keys()],
  funnel: flow.funnel,
  titles: titlesIn(flow.flowJson),
  choices: choicesOf(flow),
})
