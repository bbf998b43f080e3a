// What retention needs: freezing hours, and removing what they were computed from.

import type { Database } from 'bun:sqlite'
import { minuteOf } from '../../rollup/time.ts'
import type { TrailEvent } from '../../trail/event.ts'
import { checkFrozen, FROZEN, type Frozen, frozenIn, laterOf } from '../frozen.ts'
import type { StoreCalls } from '../store.ts'
import type { createDocuments } from './documents.ts'
import { hasId, packId } from './event-id.ts'
import { createRemains } from './remains.ts'
import type { StaleMinutes } from './stale-minutes.ts'
import type { StringDictionary } from './string-dictionary.ts'
import { IS_OF_TOKEN, isOfToken } from './trails.ts'

type Deps = {
  readonly words: StringDictionary
  readonly documents: ReturnType<typeof createDocuments>
  readonly eventMinutes: StaleMinutes
  readonly sessionMinutes: StaleMinutes
}

type Calls = StoreCalls<'frozen' | 'freeze' | 'removeEvents' | 'removeSessions'>

export function createRetention(db: Database, { words, documents, eventMinutes, sessionMinutes }: Deps): Calls {
  const removeEvent = db.prepare<{ trail: number }, [number, string, number, Uint8Array]>(
    `DELETE FROM events WHERE trail IN (SELECT id FROM trails WHERE ${IS_OF_TOKEN} AND flow = ?) AND ${hasId('?4')}
     RETURNING trail`,
  )
  const removeSome = db.prepare<{ trail: number }, [number, number, number]>(
    `DELETE FROM sessions WHERE number IN (
       SELECT number FROM sessions INDEXED BY sessions_in_time WHERE started_at < ? AND last_at < ? ORDER BY started_at LIMIT ?)
     RETURNING trail`,
  )
  const remains = createRemains(db)
  const frozen = (): Frozen => frozenIn(documents.getDocument(FROZEN.kind, FROZEN.key, 0))

  return {
    frozen,

    freeze: db.transaction((asked: Frozen): boolean => {
      checkFrozen(asked)
      const next = laterOf(frozen(), asked)
      if (eventMinutes.hasBefore(minuteOf(next.eventsBefore))) return false
      if (sessionMinutes.hasBefore(minuteOf(next.sessionsBefore))) return false
      return documents.putDocument({ ...FROZEN, value: next }, { now: 0 })
    }).immediate,

    removeEvents: db.transaction((events: readonly TrailEvent[]): void => {
      const { eventsBefore } = frozen()
      const trails = new Set<number>()
      for (const { flow, token, id, at } of events) {
        if (at >= eventsBefore) throw new Error(`store: event ${id} is not to be removed: its hour is not frozen`)
        const word = words.find(flow)
        if (word === undefined) continue
        for (const { trail } of removeEvent.all(...isOfToken(token), word, packId(id))) trails.add(trail)
      }
      for (const trail of trails) {
        remains.lowerCounts(trail, eventsBefore)
        remains.removeIfEmpty(trail)
      }
    }).immediate,

    removeSessions: db.transaction((limit: number): number => {
      const { eventsBefore, sessionsBefore } = frozen()
      const removed = removeSome.all(sessionsBefore, eventsBefore, limit)
      for (const trail of new Set(removed.map(({ trail }) => trail))) remains.removeIfEmpty(trail)
      return removed.length
    }).immediate,
  }
}
