// From screen to screen: how many sessions went where. What goes into a screen comes out of it, or ends there.

import { MOST_ROWS, OTHER } from '../rollup/limits.ts'
import type { Path } from '../rollup/session-statistics.ts'
import { count, getOrCreate, total } from '../stats/counts.ts'
import { sessionCountOf } from './endings.ts'
import type { PathLink, PathScreen, Paths } from './shapes.ts'

/** Sessions that never visited the screen are left out. */
export type PathQuery = {
  /** Counts from the first visit of this screen on. */
  readonly after?: string | undefined
  /** Counts up to the first visit of this screen. */
  readonly before?: string | undefined
}

export function pathsOf(paths: Iterable<Path>, query: PathQuery = {}): Paths {
  const places = new Map<string, PathScreen>()
  const links = new Map<string, number>()
  const placeOf = (screen: string) => getOrCreate(places, screen, () => emptyPlace(screen))
  let sessions = 0
  for (const path of paths) {
    const { screens, isCut } = partOf(path.screens, query)
    const first = screens[0]
    const last = screens.at(-1)
    if (first === undefined || last === undefined) continue
    const people = sessionCountOf(path)
    sessions += people
    placeOf(first).entries += people
    for (const screen of new Set(screens)) placeOf(screen).sessions += people
    for (const [index, to] of screens.entries()) {
      const from = screens[index - 1]
      if (from === undefined) continue
      if (from === to) placeOf(to).loops += people
      else {
        placeOf(from).out += people
        placeOf(to).in += people
        count(links, JSON.stringify([from, to]), people)
      }
    }
    const { exits } = placeOf(last)
    if (isCut) exits.wentOn += people
    else {
      exits.completed += path.completed
      exits.open += path.open
      exits.lost += path.lost
    }
  }
  return {
    links: mostFrequent([...links].map(([link, count]) => ({ ...endsOf(link), count }))),
    places: [...places.values()].sort((a, b) => b.sessions - a.sessions || compare(a.screen, b.screen)),
    sessions,
  }
}

function mostFrequent(links: readonly PathLink[]): PathLink[] {
  const sorted = links.toSorted((a, b) => b.count - a.count || compare(a.from, b.from) || compare(a.to, b.to))
  const rest = sorted.splice(MOST_ROWS.links)
  return rest.length === 0
    ? sorted
    : [...sorted, { from: OTHER, to: OTHER, count: total(rest.map(({ count }) => count)) }]
}

/** The part of a path that counts. `isCut`: the path goes on after it. */
function partOf(
  screens: readonly string[],
  { after, before }: PathQuery,
): { screens: readonly string[]; isCut: boolean } {
  const start = after === undefined ? 0 : screens.indexOf(after)
  const rest = start < 0 ? [] : screens.slice(start)
  const part = before === undefined ? rest : rest.slice(0, rest.indexOf(before) + 1)
  return { screens: part, isCut: part.length < rest.length }
}

/** A screen that nobody came to. */
export const emptyPlace = (screen: string): PathScreen => ({
  screen,
  entries: 0,
  in: 0,
  out: 0,
  exits: { wentOn: 0, completed: 0, open: 0, lost: 0 },
  loops: 0,
  sessions: 0,
})

function endsOf(link: string): { from: string; to: string } {
  const [from = '', to = ''] = JSON.parse(link) as string[]
  return { from, to }
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b))
