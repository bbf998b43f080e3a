// What happens at the endpoint right now, in memory: who is on which screen, the newest events, the last signs of life.

import { LRUCache } from 'lru-cache'
import type { Clock } from '../lib/clock.ts'
import { MINUTE_MS } from '../lib/units.ts'
import { tokenKeyOf } from '../store/trail-key.ts'
import type { ActivityView, EventHead } from '../trail/activity-view.ts'
import { isTracked, type TrailEvent } from '../trail/event.ts'

export type Activity = ReturnType<typeof createActivity>

const MOST_EVENTS = 50
/** People who sent nothing for longer have put the phone away. */
const PRESENT_MS = 10 * MINUTE_MS
/** The least recently active are forgotten first. */
const MOST_PEOPLE = 20_000

export function createActivity(clock: Clock) {
  const since = clock()
  const newest: EventHead[] = []
  const people = new LRUCache<string, { readonly flow: string; readonly screen: string; readonly at: number }>({
    max: MOST_PEOPLE,
  })
  const lastPing: { [flow: string]: number } = {}
  const lastOpening: { [flow: string]: number } = {}

  return {
    notePing(flow: string): void {
      lastPing[flow] = clock()
    },

    noteEvent(event: TrailEvent): void {
      const { at, flow, action, screen, next, outcome, processingMs } = event
      newest.push({ at, flow, action, screen, next, outcome, processingMs })
      if (newest.length > MOST_EVENTS) newest.shift()
      if (action === 'init') lastOpening[flow] = at
      if (!isTracked(event.token)) return
      if (outcome === 'completed') people.delete(tokenKeyOf(event))
      else people.set(tokenKeyOf(event), { flow, screen: next || screen, at })
    },

    view(): ActivityView {
      const now = clock()
      const present = new Map<string, Map<string, number>>()
      for (const { flow, screen, at } of people.values()) {
        if (now - at > PRESENT_MS) continue
        const screens = present.get(flow) ?? new Map<string, number>()
        present.set(flow, screens.set(screen, (screens.get(screen) ?? 0) + 1))
      }
      return {
        since,
        newest: newest.toReversed(),
        present: Object.fromEntries([...present].map(([flow, screens]) => [flow, Object.fromEntries(screens)])),
        lastPing: { ...lastPing },
        lastOpening: { ...lastOpening },
      }
    },
  }
}
