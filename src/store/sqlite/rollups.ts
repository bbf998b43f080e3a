// The tallies of the hours, and what questions are answered from them.

import type { Database } from 'bun:sqlite'
import { LRUCache } from 'lru-cache'
import {
  byMinute,
  coverOf,
  type Hour,
  hourOfMinute,
  MINUTE_MS,
  minuteOf,
  runsOf,
  startHour,
  toParts,
} from '../../insight/rollup.ts'
import type { Session } from '../../trail/session.ts'
import type { LabelledTally, TallyQuery } from '../store.ts'
import { rangeOf, startTallyAnswer } from '../tally-answer.ts'
import type { Behind } from './behind.ts'
import { createRollupDays } from './rollup-days.ts'
import type { Sessions } from './sessions.ts'
import type { Words } from './words.ts'

export type Rollups = {
  /** Works for some tens of milliseconds; true when some are behind even then. */
  refresh(): boolean
  anew(): void
  tallies(query: TallyQuery): LabelledTally[]
}

type Parts = {
  readonly words: Words
  readonly sessions: Sessions
  readonly behind: Behind
  /** Milliseconds. */
  readonly stopwatch: () => number
}

/** One call of `refresh` takes about this long, milliseconds: others wait for the thread meanwhile. */
const TURN_MS = 40
/** A question waits for so many hours that are behind, and for more only as long as this, milliseconds. */
const CATCH_UP_HOURS = 8
const CATCH_UP_MS = 150
const HOURS_REMEMBERED = 24

export function createRollups(db: Database, { words, sessions, behind, stopwatch }: Parts): Rollups {
  const put = db.prepare<unknown, [number, number, number, string, string]>(
    `INSERT INTO rollups (flow, hour, version, revision, ways, rest) VALUES (?, ?, ?, 1, ?, ?)
     ON CONFLICT DO UPDATE SET revision = revision + 1, ways = excluded.ways, rest = excluded.rest`,
  )
  const days = createRollupDays(db, stopwatch)
  /** Changes when another process has written: it may have brought up to date what is remembered here. */
  const others = db.prepare<{ version: number }, []>('SELECT data_version AS version FROM pragma_data_version')
  let known = 0
  const remembered = new LRUCache<string, Hour>({ max: HOURS_REMEMBERED })

  /** Stops where it is when the time is up; what was done by then is remembered. */
  const bringUpToDate = db.transaction((flow: number, version: number, hour: number, deadline: number): void => {
    const key = `${flow} ${version} ${hour}`
    const { version: written } = others.get() ?? { version: 0 }
    if (written !== known) remembered.clear()
    known = written
    const making = remembered.get(key) ?? startHour(hour)
    remembered.set(key, making)
    const changes = behind.minutesOf(flow, version, hour)
    const take = (minute: number, some: readonly Session[]) => making.set(minute, some, changes.get(minute) ?? 0)
    for (const run of runsOf(making.stale(changes))) {
      const found = sessions.startedBetween(flow, {
        from: run.from * MINUTE_MS,
        until: run.until * MINUTE_MS,
        version,
      })
      for (const [minute, some] of byMinute(found, run.from, run.until)) {
        take(minute, some)
        if (making.isLarge() && stopwatch() > deadline) return
      }
    }
    const { ways, rest } = toParts(making.tally())
    put.run(flow, hour, version, ways, rest)
    days.changed()
    behind.clear(flow, version, making.seen())
    making.settle()
    if (!making.isLarge()) remembered.delete(key)
  })

  /** False when the time was up first; `least` hours are brought up to date in any case. */
  const catchUp = (deadline: number, least: number, within?: Parameters<Behind['next']>[0]): boolean => {
    for (let hours = 0; ; hours++) {
      const next = behind.next(within)
      if (!next) return true
      if (hours >= least && stopwatch() > deadline) return false
      bringUpToDate.immediate(next.flow, next.version, hourOfMinute(next.minute), deadline)
    }
  }

  return {
    refresh() {
      const deadline = stopwatch() + TURN_MS
      return !catchUp(deadline, 1) || days.fold(deadline)
    },

    anew() {
      remembered.clear()
      behind.noteAll()
    },

    tallies(query) {
      const flow = words.find(query.flow)
      const version = query.version === undefined ? undefined : words.find(query.version)
      const range = rangeOf(query)
      if (!range || flow === undefined || (query.version !== undefined && version === undefined)) return []
      const within = { flow, from: minuteOf(range.from), until: minuteOf(range.until) + 1 }
      catchUp(stopwatch() + CATCH_UP_MS, CATCH_UP_HOURS, within)

      const answer = startTallyAnswer(query)
      for (const { label, ...span } of query.spans) {
        const { first, end, rest } = coverOf(span)
        if (first < end)
          for (const { version: word, tally } of days.read({ first, end }, { flow, version, detail: query.detail }))
            answer.addTally(label, words.wordOf(word), tally)
        for (const each of rest) answer.addSessions(label, sessions.startedBetween(flow, { ...each, version }))
      }
      answer.addLeft(sessions.leftBetween(flow, answer.edge.from, answer.edge.to))
      return answer.end()
    },
  }
}
