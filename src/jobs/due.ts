// Whether a job is due. A pure function of its record and the clock, so that sleep, restarts and a clock that is set back need no more.

import type { Slots } from '../lib/cron.ts'
import { DAY_MS } from '../lib/units.ts'
import type { JobRecord } from './job-records.ts'

export type Due =
  /** This time has come and was not done. Earlier ones that were missed are done with it. */
  | { readonly kind: 'due'; readonly slot: number }
  /** The record tells nothing: from this time on, times count. */
  | { readonly kind: 'unknown'; readonly slot: number }
  | { readonly kind: 'waiting' }

/** A run that kills its process is not tried for ever: the next time comes. */
const MOST_TRIES = 2

export function dueAt(record: JobRecord, slots: Slots, now: number): Due {
  const slot = slots.lastUpTo(now)
  if (slot === undefined) return WAITING
  if (record.slot === undefined || isFromWrongClock(record.slot, slots, now)) return { kind: 'unknown', slot }
  const { unfinished } = record
  if (slot <= record.slot || (unfinished?.slot === slot && unfinished.tries >= MOST_TRIES)) return WAITING
  return { kind: 'due', slot }
}

/** The next time at which the job runs, if it is not due now. */
export const nextRunOf = ({ slot }: JobRecord, slots: Slots, now: number): number | undefined =>
  slots.nextAfter(slot === undefined || isFromWrongClock(slot, slots, now) ? now : Math.max(now, slot))

/**
 * A clock that was set back by some hours comes to those times again, and nothing is done twice. One that had been years ahead does not
 * for years; then its times do not count.
 */
const isFromWrongClock = (slot: number, slots: Slots, now: number): boolean =>
  slot > (slots.nextAfter(now) ?? now) + DAY_MS

const WAITING = { kind: 'waiting' } as const
