import type { Database } from 'bun:sqlite'
import { minutesOf } from '../../rollup/time.ts'
import type { TrailEvent } from '../../trail/event.ts'
import type { SessionRulebook } from '../../trail/session.ts'
import { deriveTrail } from '../derive-sessions.ts'
import type { Frozen } from '../frozen.ts'
import type { Recorded } from '../store.ts'
import { createSegmentAssigner } from './assign-segments.ts'
import type { TrailTables } from './rederive.ts'
import type { StaleMinutes } from './stale-minutes.ts'

type RecordDeps = TrailTables & {
  readonly frozen: () => Frozen
  /** Of the rollups of events. */
  readonly staleMinutes: StaleMinutes
}

/** Events and the sessions that follow from them, in one transaction: either all of a batch is kept, or nothing. */
export function createRecord(db: Database, { words, trails, events, sessions, staleMinutes, frozen }: RecordDeps) {
  const write = db.transaction((batch: readonly TrailEvent[], rulebook: SessionRulebook) => {
    const placement = createSegmentAssigner({ trails, events }, rulebook)
    const added = batch.filter((event) => placement.add(event))
    const moments = added.map(({ flow, version, at }) => ({ flow: words.idOf(flow), version: words.idOf(version), at }))
    for (const minute of minutesOf(moments)) staleMinutes.mark(minute)
    const settled = frozen()
    for (const [trail, key] of placement.finish())
      sessions.replace(trail, deriveTrail(key, events.ofTrail(trail, key), rulebook, settled))
    return added.length
  })

  return (batch: readonly TrailEvent[], rulebook: SessionRulebook): Omit<Recorded, 'refused'> => {
    try {
      const stored = write.immediate(batch, rulebook)
      return { stored, alreadyStored: batch.length - stored }
    } catch (error) {
      words.forget()
      throw error
    }
  }
}
