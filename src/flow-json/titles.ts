// The titles of the screens of a Flow JSON.

import { constantText } from './constant-text.ts'
import type { FlowJson, Screen } from './flow-json.ts'

/** By the ids of the screens that have one. */
export type Titles = { readonly [screen: string]: string }

/** Undefined, too, if it is known only when the flow runs. */
export const titleOf = (screen: Screen | undefined): string | undefined =>
  constantText(screen?.title)?.trim() || undefined

export const titlesIn = (flowJson: FlowJson | undefined): Titles =>
  Object.fromEntries(
    [...(flowJson?.screens.values() ?? [])].flatMap((screen) => {
      const title = titleOf(screen)
      return title === undefined ? [] : [[screen.id, title]]
    }),
  )
