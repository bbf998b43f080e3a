// Paths for a picture, which cannot have a thousand links: people go by way of `OTHER` where a link is rare.

import { OTHER } from '../rollup/limits.ts'
import { total } from '../stats/counts.ts'
import { emptyPlace } from './paths.ts'
import type { PathLink, Paths } from './shapes.ts'

/** No more links than this are all told apart. */
export const FEW_LINKS = 60

/** Of more, those with at least this share of the visits, `MOST_LINKS` at most. */
const LEAST_SHARE = 0.01
const MOST_LINKS = 100

type Picture = Pick<Paths, 'links' | 'places'>

/** What goes into a screen still comes out of it or ends there; that is true of `OTHER`, too. */
export function foldRareLinks({ links, places }: Picture): Picture {
  const least = links.length > FEW_LINKS ? LEAST_SHARE * total(links.map(({ count }) => count)) : 0
  // The most frequent come first.
  const kept = links
    .slice(0, MOST_LINKS)
    .filter(({ from, to, count }) => count >= least && (from !== OTHER || to !== OTHER))
  if (kept.length === links.length) return { links, places }

  const out = Map.groupBy(kept, ({ from }) => from)
  const into = Map.groupBy(kept, ({ to }) => to)
  const sum = (some: readonly PathLink[] = []) => total(some.map(({ count }) => count))
  const rare = places
    .filter(({ screen }) => screen !== OTHER)
    .map((place) => ({
      screen: place.screen,
      out: place.out - sum(out.get(place.screen)),
      in: place.in - sum(into.get(place.screen)),
    }))
  const folded = [
    ...kept,
    ...rare.map(({ screen, out }) => ({ from: screen, to: OTHER, count: out })),
    ...rare.map((place) => ({ from: OTHER, to: place.screen, count: place.in })),
  ].filter(({ count }) => count > 0)
  const own = places.find(({ screen }) => screen === OTHER) ?? emptyPlace(OTHER)
  const other = {
    ...own,
    in: sum(into.get(OTHER)) + total(rare.map(({ out }) => out)),
    out: sum(out.get(OTHER)) + total(rare.map((place) => place.in)),
  }
  return { links: mergeSame(folded), places: [...places.filter(({ screen }) => screen !== OTHER), other] }
}

/** A link to or from `OTHER` can be there already. */
const mergeSame = (links: readonly PathLink[]): PathLink[] =>
  [...Map.groupBy(links, ({ from, to }) => JSON.stringify([from, to])).values()].map((same) => ({
    ...(same[0] as PathLink),
    count: total(same.map(({ count }) => count)),
  }))
