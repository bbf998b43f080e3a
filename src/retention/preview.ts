// What a run of retention would remove, counted by the same walk.

import { pagesOf } from '../store/cursor.ts'
import type { OldRollups } from '../store/frozen.ts'
import type { Store } from '../store/store.ts'
import { type Expired, removableEvents } from './remove-expired.ts'

export type Expiring = {
  readonly count: number
  /** By name. */
  readonly flows: { readonly [flow: string]: number }
  /** The instants of the oldest and the newest; absent if there is none. */
  readonly from?: number
  readonly to?: number
}

export type Preview = { readonly events: Expiring; readonly sessions: Expiring; readonly rollups: OldRollups }

/** `onProgress`: how many were found so far; it may take its time. */
export async function previewExpired(
  store: Store,
  expired: Expired,
  onProgress: (found: number) => unknown = () => {},
): Promise<Preview> {
  const events = count()
  for await (const page of removableEvents(store, expired)) {
    for (const { flow, at } of page) events.add(flow, at)
    await onProgress(events.found().count)
  }
  const sessions = count()
  const old = { ...ALL, until: expired.sessionsBefore }
  for await (const page of pagesOf((after) => store.sessions({ ...old, ...after }))) {
    for (const { flow, startedAt, lastAt } of page) if (lastAt < expired.eventsBefore) sessions.add(flow, startedAt)
    await onProgress(events.found().count + sessions.found().count)
  }
  const rollups = await store.oldRollups(expired.rollupsBefore)
  return { events: events.found(), sessions: sessions.found(), rollups }
}

/** No ending is asked for, so that the instants do not matter. */
const ALL = { now: 0, lostAfterMs: 0, limit: 500 }

function count() {
  const flows: { [flow: string]: number } = {}
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  return {
    add(flow: string, at: number): void {
      flows[flow] = (flows[flow] ?? 0) + 1
      from = Math.min(from, at)
      to = Math.max(to, at)
    },
    found: (): Expiring => ({
      count: Object.values(flows).reduce((sum, number) => sum + number, 0),
      flows,
      ...(from <= to && { from, to }),
    }),
  }
}
