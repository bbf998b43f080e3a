// Mistakes, which keep a Flow JSON from being used, and notes, which do not. So many of each that somebody can read them.

import { suggest } from '../lib/suggest.ts'
import type { Finding, Place } from './flow-json.ts'

const MOST = 100

/** Longer texts are no misspelt names, and costly to compare. */
const LONGEST_NAME = 100
const MOST_CANDIDATES = 1000

export type Findings = ReturnType<typeof createFindings>

export function createFindings(file: string) {
  const mistakes = createList(file, 'mistakes')
  const notes = createList(file, 'notes')
  return { mistake: mistakes.add, note: notes.add, mistakes: mistakes.all, notes: notes.all }
}

/** `; is "email" meant?` when a name is close enough, else nothing. */
export function nearest(word: string, candidates: Iterable<string>): string {
  if (word.length > LONGEST_NAME) return ''
  const names: string[] = []
  for (const name of candidates) {
    if (name.length <= LONGEST_NAME) names.push(name)
    if (names.length === MOST_CANDIDATES) break
  }
  const near = suggest(word, names)
  return near === undefined ? '' : `; is ${quoted(near)} meant?`
}

/** In double quotes, cut where it is too long to be read. */
export const quoted = (text: string): string =>
  JSON.stringify(text.length > 60 ? `${text.slice(0, 60).toWellFormed()}…` : text)

function createList(file: string, noun: string) {
  const kept: Finding[] = []
  let leftOut = 0
  return {
    /** The sentence is made only if it is kept. */
    add: (place: Place, sentence: () => string) => {
      if (kept.length === MOST) {
        leftOut++
        return
      }
      const { line, column } = place
      const message = sentence()
      if (!kept.some((other) => other.line === line && other.column === column && other.message === message))
        kept.push({ file, line, column, message })
    },
    all: (): readonly Finding[] => {
      const sorted = kept.toSorted((a, b) => a.line - b.line || a.column - b.column)
      const last = sorted.at(-1)
      if (leftOut === 0 || !last) return sorted
      return [...sorted, { ...last, message: `${leftOut.toLocaleString('en')} more ${noun} are left out here` }]
    },
  }
}
