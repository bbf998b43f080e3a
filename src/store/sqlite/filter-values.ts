import type { Database } from 'bun:sqlite'
import { MOST_EXITS, type StoreCalls } from '../store.ts'
import type { StringDictionary } from './string-dictionary.ts'

export function createFilterValues(db: Database, words: StringDictionary): StoreCalls<'flows' | 'exits'> {
  const flows = db.prepare<{ word: number }, []>(distinct('flow'))
  const exits = db.prepare<{ word: number }, []>(distinct('exit', MOST_EXITS + 1))
  const namesOf = (rows: readonly { word: number }[]) => rows.map(({ word }) => words.wordOf(word)).sort()
  return {
    flows: () => namesOf(flows.all()),
    exits: () =>
      namesOf(exits.all())
        .filter((screen) => screen !== '')
        .slice(0, MOST_EXITS),
  }
}

/** Each value of the column once: a loose index scan. */
const distinct = (column: 'flow' | 'exit', most = -1): string => `
  WITH RECURSIVE found (word) AS (
    SELECT min(${column}) FROM sessions
    UNION ALL
    SELECT (SELECT min(${column}) FROM sessions WHERE ${column} > found.word) FROM found WHERE found.word IS NOT NULL
    LIMIT ${most}
  )
  SELECT word FROM found WHERE word IS NOT NULL`
