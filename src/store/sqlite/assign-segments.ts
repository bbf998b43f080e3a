// Which segment of its token each event of a batch goes to.

import { isTracked, type TrailEvent } from '../../trail/event.ts'
import type { SessionRulebook } from '../../trail/session.ts'
import { gapOf, headAfter, type SegmentHead, segmentFor } from '../segment.ts'
import { isTrackedTrail, type TrailKey, trailIdOf } from '../trail-key.ts'
import type { TrailTables } from './rederive.ts'

type Tables = Pick<TrailTables, 'trails' | 'events'>

type SegmentPlace = { readonly id: number; readonly key: TrailKey; head: SegmentHead; isChanged: boolean }

/** For one batch, within its transaction. */
export function createSegmentAssigner({ trails, events }: Tables, rulebook: SessionRulebook) {
  /** The segments of each token that the batch has met, the newest first. */
  const met = new Map<string, SegmentPlace[]>()

  const placesOf = ({ flow, token }: TrailEvent): SegmentPlace[] =>
    met.getOrInsertComputed(trailIdOf({ flow, token }), () =>
      trails.segmentsOf({ flow, token }).map((row) => ({ ...row, isChanged: false })),
    )

  const begin = ({ flow, token, at }: TrailEvent, segment: number): SegmentPlace => {
    const [key, head] = [
      { flow, token, segment },
      { segment, events: 0, lastAt: at },
    ]
    return { id: trails.add(key, head), key, head, isChanged: false }
  }

  return {
    /** False when the event was there already. */
    add(event: TrailEvent): boolean {
      const places = placesOf(event)
      const [newest, ...older] = places
      const segment = isTracked(event.token) ? segmentFor(newest?.head, event.at, gapOf(rulebook, event.flow)) : 0
      const goesOn = newest?.head.segment === segment
      if ((goesOn ? older : places).some(({ id }) => events.isKnown(event.id, id))) return false
      const place = goesOn ? newest : begin(event, segment)
      if (!goesOn) places.unshift(place)
      if (!events.add(event, place.id)) return false
      place.head = headAfter(place.head, segment, event.at)
      place.isChanged = true
      return true
    },

    /** Notes how far the segments have come. Returns those whose sessions are to be derived again. */
    finish(): [trail: number, key: TrailKey][] {
      const changed = [...met.values()].flat().filter(({ isChanged }) => isChanged)
      for (const { id, head } of changed) trails.update(id, head)
      return changed.filter(({ key }) => isTrackedTrail(key)).map(({ id, key }) => [id, key])
    },
  }
}
