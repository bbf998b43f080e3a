// The sessions without a choice in a field: all of them, less those with one.

import type { TimedPath } from '../insight/funnel.ts'
import { OTHER } from '../rollup/limits.ts'
import { ALL_SESSIONS, choiceOf } from '../rollup/session-aggregate.ts'
import type { PathSlice } from './slices.ts'

/**
 * Undefined where there are none, and where nobody can know: beyond the bounds, a path can be told apart among all and not among the
 * choices.
 */
export function unchosenPaths(slices: readonly PathSlice[], field: string): readonly TimedPath[] | undefined {
  const left = new Map<unknown, { -readonly [K in keyof TimedPath]: TimedPath[K] }>()
  const add = (paths: readonly TimedPath[], by: 1 | -1) => {
    for (const path of paths) {
      // With times, each is the path of one session.
      const sum = left.getOrInsertComputed(path.shownAt ?? JSON.stringify(path.screens), () => ({ ...path, ...NOBODY }))
      sum.completed += by * path.completed
      sum.open += by * path.open
      sum.lost += by * path.lost
    }
  }
  for (const { paths, groups } of slices) {
    add(paths, 1)
    for (const [name, chosen] of Object.entries(groups)) {
      if (name === ALL_SESSIONS) continue
      const choice = choiceOf(name)
      if (choice.field === OTHER) return undefined
      // Who chose several options is in the group of each, and in the overlap once for each but one.
      if (choice.field === field) add(chosen, choice.isOverlap ? 1 : -1)
    }
  }
  const endings = ({ completed, open, lost }: TimedPath) => [completed, open, lost]
  const found = [...left.values()].filter((path) => endings(path).some((count) => count !== 0))
  if (found.length === 0) return undefined
  return found.every((path) => endings(path).every((count) => count >= 0)) ? found : undefined
}

const NOBODY = { completed: 0, open: 0, lost: 0 }
