import type { Database } from 'bun:sqlite'
import { HOUR_MS } from '../../lib/units.ts'
import { EMPTY_PART, SESSION_ROLLUPS } from '../../rollup/kinds.ts'
import { type Frozen, NEVER } from '../frozen.ts'
import { MOST_EXITS, type StoreCalls } from '../store.ts'
import { SESSION_TABLES } from './rollup-tables.ts'
import type { StringDictionary } from './string-dictionary.ts'

export function createFilterValues(
  db: Database,
  words: StringDictionary,
  frozen: () => Frozen,
): StoreCalls<'flows' | 'exits'> {
  const flows = db.prepare<{ word: number }, []>(distinct('flow'))
  const [first] = SESSION_ROLLUPS.parts
  const frozenFlows = db.prepare<{ word: number }, [number]>(
    `SELECT DISTINCT flow AS word FROM ${SESSION_TABLES.hours} WHERE hour < ? AND ${first} <> '${EMPTY_PART}'`,
  )
  const exits = db.prepare<{ word: number }, []>(distinct('exit', MOST_EXITS + 1))
  const namesOf = (rows: readonly { word: number }[]) => rows.map(({ word }) => words.wordOf(word)).sort()
  return {
    flows() {
      const { sessionsBefore } = frozen()
      const left = sessionsBefore === NEVER ? [] : frozenFlows.all(sessionsBefore / HOUR_MS)
      return [...new Set(namesOf([...flows.all(), ...left]))]
    },
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
