// The job that turns kept values into pseudonyms when they come of age.

import { z } from 'zod'
import type { Clock } from '../lib/clock.ts'
import { HOUR_MS, SECOND_MS } from '../lib/units.ts'
import type { Aging } from '../privacy/aged-input.ts'
import type { Cursor, InputChange, Store } from '../store/store.ts'
import { trackedTrails } from '../store/trail-key.ts'
import type { TrailEvent } from '../trail/event.ts'
import type { SessionRulebook } from '../trail/session.ts'
import { type Purging, purge } from './purge.ts'
import { createRest, type Pacing } from './rest.ts'
import type { JobContext, JobResult, Progress } from './scheduled-job.ts'

export type HashDeps = Pacing &
  Purging & {
    readonly aging: Aging
    readonly store: Pick<Store, 'events' | 'replaceInputs' | 'rederive' | 'getDocument' | 'putDocument'>
    readonly rules: SessionRulebook
    readonly clock: Clock
  }

/** Events per page. A page locks a SQLite file for some milliseconds. */
const PAGE = 200

/**
 * Each run begins so long before the place where the last one ended: for events that were on their way to the store at that time, and
 * for clocks that differ.
 */
const MARGIN_MS = HOUR_MS

export async function hashOldValues(deps: HashDeps, context: JobContext): Promise<JobResult> {
  const { aging } = deps
  let rows = 0
  for (const [index, ageMs] of aging.ages.entries()) {
    const report = ({ share, rows: here, text }: Progress) =>
      context.report({ share: (index + share) / aging.ages.length, rows: rows + here, text })
    rows += await hashOlderThan(ageMs, deps, { ...context, report })
  }
  await purge(deps, context.signal)
  return { rows, text: textOf(rows, aging) }
}

function textOf(rows: number, { ages }: Aging): string {
  if (ages.length === 0) return 'Nothing to do: neither privacy nor a field has a hash_after.'
  return rows === 0 ? 'No value has come of age.' : `Values of ${rows.toLocaleString('en')} events became pseudonyms.`
}

/** Returns how many events were changed. */
async function hashOlderThan(ageMs: number, deps: HashDeps, { report, signal }: JobContext): Promise<number> {
  const { store, clock, stopwatch } = deps
  const places = placesOf(deps, ageMs)
  const until = clock() - ageMs + 1
  const done = await places.read()
  // A clock that had been ahead leaves a place that may be past events which have come since.
  const isKnown = done !== undefined && done <= until + MARGIN_MS
  const from = isKnown ? Math.min(done, until) - MARGIN_MS : undefined
  let first = from
  let rows = 0
  let keptAt = stopwatch()
  const { rest } = createRest(deps, signal)
  for (let after: Cursor | undefined; ; ) {
    const page = await store.events({
      until,
      limit: PAGE,
      ...(from !== undefined && { from }),
      ...(after && { after }),
    })
    rows += await hashPage(page.items, deps)
    after = page.next
    const last = after === undefined ? until : (page.items.at(-1)?.at ?? until)
    first ??= page.items[0]?.at ?? until
    if (after === undefined || stopwatch() - keptAt > KEEP_PLACE_MS) {
      await places.keep(last)
      keptAt = stopwatch()
    }
    const share = until > first ? (last - first) / (until - first) : 1
    report({ rows, share, text: `Events up to ${new Date(last).toISOString()} are looked at.` })
    signal.throwIfAborted()
    if (after === undefined) return rows
    await rest()
  }
}

async function hashPage(events: readonly TrailEvent[], { store, aging, rules, clock }: HashDeps): Promise<number> {
  const now = clock()
  const changed = new Set<string>()
  const choosing = new Set<string>()
  const changes = events.flatMap((event): InputChange[] => {
    const { id, flow, token, input } = event
    const aged = aging.agedInput(event, now)
    if (aged) changed.add(id)
    // Also where an earlier run was killed before it came to the sessions.
    const isChoosing = aging.hasAgedChoice(aged ? { ...event, input: aged } : event)
    if (isChoosing) choosing.add(id)
    return aged || isChoosing ? [{ id, flow, token, from: input, to: aged ?? input }] : []
  })
  if (changes.length === 0) return 0
  const replaced = await store.replaceInputs(changes)
  const trails = trackedTrails(replaced.filter(({ id }) => choosing.has(id)))
  if (trails.length > 0) await store.rederive(trails, rules)
  return replaced.filter(({ id }) => changed.has(id)).length
}

/** How far the events of an age have been looked at: all that were received before this instant. It counts for the same rules only. */
const placesOf = ({ store, aging, clock }: HashDeps, ageMs: number) => ({
  async read(): Promise<number | undefined> {
    const found = place.safeParse(await store.getDocument(PLACES, String(ageMs), clock()))
    return found.success && found.data.rules === aging.fingerprint ? found.data.done : undefined
  },
  async keep(done: number): Promise<void> {
    const value = { rules: aging.fingerprint, done }
    await store.putDocument({ kind: PLACES, key: String(ageMs), value }, { now: clock() })
  },
})

const place = z.object({ rules: z.string(), done: z.int() })
const PLACES = 'hashing'
const KEEP_PLACE_MS = 2 * SECOND_MS
