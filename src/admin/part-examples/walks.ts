// Ways through screens, and the counts of them that a map shows.

import type { MapLinkView, MapScreenView } from '../../../views/charts/screen-map/view.ts'

export type Walk = {
  readonly screens: readonly string[]
  readonly ending: 'completed' | 'open' | 'lost'
  /** How many people went this way. */
  readonly people: number
}

type Counted = { -readonly [K in keyof MapScreenView]: MapScreenView[K] }

/** `funnel`: the screens of the funnel, in order. `titles`: of screens that have another name than their id. */
export function mapOf(
  walks: readonly Walk[],
  funnel: readonly string[],
  titles: { readonly [id: string]: string } = {},
): { screens: MapScreenView[]; links: MapLinkView[] } {
  const screens = new Map<string, Counted>()
  const links = new Map<string, { from: string; to: string; count: number }>()
  const screenOf = (id: string): Counted => {
    const found = screens.get(id)
    if (found) return found
    const layer = funnel.indexOf(id)
    const counts = { visits: 0, entries: 0, loops: 0, completed: 0, open: 0, lost: 0 }
    const made = { id, title: titles[id] ?? id, ...(layer >= 0 && { layer }), ...counts }
    screens.set(id, made)
    return made
  }
  for (const id of funnel) screenOf(id)
  for (const { screens: walk, ending, people } of walks)
    for (const [index, id] of walk.entries()) {
      const before = walk[index - 1]
      const screen = screenOf(id)
      screen.visits += people
      if (before === undefined) screen.entries += people
      else if (before === id) screen.loops += people
      else {
        const link = links.get(`${before}\n${id}`) ?? { from: before, to: id, count: 0 }
        links.set(`${before}\n${id}`, { ...link, count: link.count + people })
      }
      if (index === walk.length - 1) screen[ending] += people
    }
  return { screens: [...screens.values()], links: [...links.values()] }
}
