import type { Database } from 'bun:sqlite'
import { minutesOf } from '../../insight/rollup.ts'
import type { TrailEvent } from '../../trail/event.ts'
import type { SessionRulebook } from '../../trail/session.ts'
import { derive } from '../derived.ts'
import type { Recorded } from '../store.ts'
import type { Behind } from './behind.ts'
import type { Events } from './events.ts'
import { createPlacement } from './placement.ts'
import type { Sessions } from './sessions.ts'
import type { Trails } from './trails.ts'
import type { Words } from './words.ts'

type Parts = {
  readonly words: Words
  readonly trails: Trails
  readonly events: Events
  readonly sessions: Sessions
  /** Of the rollups of events. */
  readonly behind: Behind
}

/** Events and the sessions that follow from them, in one transaction: either all of a batch is kept, or nothing. */
export function createRecord(db: Database, { words, trails, events, sessions, behind }: Parts) {
  const write = db.transaction((batch: readonly TrailEvent[], rulebook: SessionRulebook) => {
    const placement = createPlacement({ trails, events }, rulebook)
    const added = batch.filter((event) => placement.add(event))
    const moments = added.map(({ flow, version, at }) => ({ flow: words.idOf(flow), version: words.idOf(version), at }))
    for (const minute of minutesOf(moments)) behind.note(minute)
    for (const [trail, key] of placement.finish())
      sessions.replace(trail, derive(key, events.ofTrail(trail, key), rulebook))
    return added.length
  })

  return (batch: readonly TrailEvent[], rulebook: SessionRulebook): Omit<Recorded, 'refused'> => {
    try {
      const stored = write.immediate(batch, rulebook)
      return { stored, repeated: batch.length - stored }
    } catch (error) {
      words.forget()
      throw error
    }
  }
}
