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
): StoreCalls<'flows' | 'exits' | 'hadSessions'> {
  const flows = db.prepare<{ word: number }, []>(distinct('flow'))
  const [first] = SESSION_ROLLUPS.parts
  const hadSessions = db.prepare<{ had: number }, [number, number, number]>(
    `SELECT EXISTS (SELECT 1 FROM ${SESSION_TABLES.hours}
       WHERE flow = ? AND hour >= ? AND hour < ? AND ${first} <> '${EMPTY_PART}') AS had`,
  )
  const flowsWithHours = db.prepare<{ word: number }, []>(distinct('flow', { table: SESSION_TABLES.hours }))
  const frozenFlows = db.prepare<{ word: number }, [number]>(
    `SELECT DISTINCT flow AS word FROM ${SESSION_TABLES.hours} WHERE hour < ? AND ${first} <> '${EMPTY_PART}'`,
  )
  const exits = db.prepare<{ word: number }, []>(distinct('exit', { most: MOST_EXITS + 1 }))
  const namesOf = (rows: readonly { word: number }[]) => rows.map(({ word }) => words.wordOf(word)).sort()
  return {
    flows() {
      const { sessionsBefore } = frozen()
      const left = sessionsBefore === NEVER ? [] : frozenFlows.all(sessionsBefore / HOUR_MS)
      return [...new Set(namesOf([...flows.all(), ...left]))]
    },
    hadSessions({ from, until }, flow) {
      const asked = flow === undefined ? flowsWithHours.all().map(({ word }) => word) : [words.find(flow)]
      const [first, end] = [Math.floor(from / HOUR_MS), Math.ceil(until / HOUR_MS)]
      return asked.some((word) => word !== undefined && hadSessions.get(word, first, end)?.had === 1)
    },
    exits: () =>
      namesOf(exits.all())
        .filter((screen) => screen !== '')
        .slice(0, MOST_EXITS),
  }
}

/** Each value of the column once: a loose index scan. */
const distinct = (column: 'flow' | 'exit', { table = 'sessions', most = -1 } = {}): string => `
  WITH RECURSIVE found (word) AS (
    SELECT min(${column}) FROM ${table}
    UNION ALL
    SELECT (SELECT min(${column}) FROM ${table} WHERE ${column} > found.word) FROM found WHERE found.word IS NOT NULL
    LIMIT ${most}
  )
  SELECT word FROM found WHERE word IS NOT NULL`
