// What is written at a screen of the map, and how much room it takes: an SVG can neither measure nor shorten a text itself.

import { percent, shareOf, whole } from '../../numbers.ts'
import type { MapScreen } from './model.ts'

export type Ending = 'completed' | 'open' | 'lost'

/** How paths ended at a screen, those that occurred. In the order of the stubs, from top to bottom. */
export function endingsOf(screen: MapScreen): { readonly ending: Ending; readonly text: string }[] {
  const { visits, completed, open, lost } = screen
  const all = [
    { ending: 'completed', text: `✓ ${whole(completed)} completed` },
    { ending: 'open', text: `${whole(open)} open` },
    { ending: 'lost', text: `${whole(lost)} lost · ${percent(shareOf(lost, visits))}` },
  ] as const
  return all.filter(({ ending }) => screen[ending] > 0)
}

/** Pixels that a screen's texts would take in full. */
export const widthOf = (screen: MapScreen): number =>
  Math.ceil(1 + Math.max(widthOfName(screen.title), ...endingsOf(screen).map(({ text }) => text.length * 6.4)))

const widthOfName = (name: string): number =>
  lettersOf(name).reduce((width, letter) => width + widthOfLetter(letter), 0)

/** Cut between characters as people count them, so that no letter loses its accent and no emoji breaks. */
export function shorten(name: string, width: number): string {
  if (widthOfName(name) <= width) return name
  let taken = ELLIPSIS
  const kept = lettersOf(name).filter((letter) => {
    taken += widthOfLetter(letter)
    return taken <= width
  })
  return `${kept.join('').trimEnd()}…`
}

const ELLIPSIS = 11

/** Pixels at most, in the small bold type of names. */
function widthOfLetter(letter: string): number {
  if (/[\u1100-\u11ff\u2e80-\ufaff\ufe30-\uffe6\u{1f000}-\u{3ffff}]/u.test(letter)) return 12.5
  return /[\p{Lu}\p{N}_mw@%&]/u.test(letter) ? 8.7 : 7
}

const lettersOf = (text: string): string[] => [...SEGMENTER.segment(text)].map(({ segment }) => segment)

const SEGMENTER = new Intl.Segmenter('en')
