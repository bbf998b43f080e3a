// The screens that a person came through, from the first one to the present one. Back goes along them, whether it asks us or not.

import { SUCCESS, type TrailEvent } from './event.ts'

/** Longer ways lose their beginning. */
export const MAX_STOPS = 50

/** The person is on this screen: back on one that they came through, as no flow has a screen twice on its way, else one further. */
export function wayTo(way: readonly string[], screen: string): readonly string[] {
  const earlier = way.lastIndexOf(screen)
  return earlier >= 0 ? way.slice(0, earlier + 1) : [...way, screen].slice(-MAX_STOPS)
}

/** After a request that was answered with `next`. */
export function wayAfter(
  way: readonly string[],
  { action, screen, next }: Pick<TrailEvent, 'action' | 'screen' | 'next'>,
): readonly string[] {
  if (next === '') return way
  if (next === SUCCESS) return []
  const isElsewhere = action === 'back' && screenBefore(way, screen) !== next
  return action === 'init' || isElsewhere ? [next] : wayTo(wayTo(way, screen), next)
}

/** The screen that Back leads to. A screen that we never sent follows the last one that we sent. */
export function screenBefore(way: readonly string[], screen: string): string | undefined {
  const wasSent = screen === '' || way.includes(screen)
  return wasSent ? way[indexOf(way, screen) - 1] : way.at(-1)
}

/** The last stop at this screen, else the last stop; -1 on an empty way. */
function indexOf(way: readonly string[], screen: string): number {
  const found = way.lastIndexOf(screen)
  return found >= 0 ? found : way.length - 1
}
