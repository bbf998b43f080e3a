// From screen to screen: how many went where. What goes into a screen comes out of it, or ends there.

import { MOST_ROWS, OTHER } from '../rollup/limits.ts'
import type { Endings, Path } from '../rollup/session-statistics.ts'
import { count, getOrCreate, total } from '../stats/counts.ts'

export type PathQuery = {
  /** Only what comes after the first visit of this screen, or before it; sessions that never saw it are left out. */
  readonly after?: string
  readonly before?: string
}

export type Link = { readonly from: string; readonly to: string; readonly count: number }

/** How it ends at a screen. `wentOn`: the sessions that are told up to here, and did more. */
export type Exits = Endings & { readonly wentOn: number }

/** What happens at one screen. `entries` + `in` = `out` + `exits`, of which some went on, completed, are open, or lost. */
export type ScreenPlace = {
  readonly screen: string
  /** Sessions that began here. */
  readonly entries: number
  readonly in: number
  readonly out: number
  readonly exits: Exits
  /** Showings of the screen right after itself, as when a flow is opened anew: neither in nor out. */
  readonly loops: number
  /** How many sessions came here. */
  readonly sessions: number
}

export type Paths = {
  /** Most frequent first; where there are too many, the rest of them is one more at the end, from `OTHER` to `OTHER`. */
  readonly links: readonly Link[]
  /** Most visited first. */
  readonly places: readonly ScreenPlace[]
  readonly sessions: number
}

type OpenPlace = {
  -readonly [K in keyof ScreenPlace]: ScreenPlace[K] extends Exits
    ? { -readonly [E in keyof Exits]: number }
    : ScreenPlace[K]
}

export function pathsOf(paths: Iterable<Path>, query: PathQuery = {}): Paths {
  const places = new Map<string, OpenPlace>()
  const links = new Map<string, number>()
  const placeOf = (screen: string) => getOrCreate(places, screen, () => emptyPlace(screen))
  let sessions = 0
  for (const path of paths) {
    const { screens, isCut } = shareOf(path.screens, query)
    const first = screens[0]
    const last = screens.at(-1)
    if (first === undefined || last === undefined) continue
    const people = path.completed + path.open + path.lost
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

function mostFrequent(links: readonly Link[]): Link[] {
  const sorted = links.toSorted((a, b) => b.count - a.count || compare(a.from, b.from) || compare(a.to, b.to))
  const rest = sorted.splice(MOST_ROWS.links)
  return rest.length === 0
    ? sorted
    : [...sorted, { from: OTHER, to: OTHER, count: total(rest.map(({ count }) => count)) }]
}

/** `isCut`: there is more after it. */
function shareOf(
  screens: readonly string[],
  { after, before }: PathQuery,
): { screens: readonly string[]; isCut: boolean } {
  const start = after === undefined ? 0 : screens.indexOf(after)
  const rest = start < 0 ? [] : screens.slice(start)
  const part = before === undefined ? rest : rest.slice(0, rest.indexOf(before) + 1)
  return { screens: part, isCut: part.length < rest.length }
}

const emptyPlace = (screen: string): OpenPlace => ({
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
