// The refused requests of a flow, as far as they are still known: stores keep only the newest incidents of all flows.

import { isRefusal, type RefusalCategory } from '../insight/errors.ts'
import { type Counts, count, toCounts, total } from '../stats/counts.ts'
import { pagesOf } from '../store/cursor.ts'
import type { Incident } from '../trail/incident.ts'
import type { ReportContext } from './context.ts'

export type Refusals = {
  readonly items: readonly Refusal[]
  /** Complete from this instant on. Later than the `from` of the question if older refusals are gone. */
  readonly since: number
}

/** `count`: how many requests it stands for. */
export type Refusal = { readonly at: number; readonly category: RefusalCategory; readonly count: number }

export async function readRefusals({ store, now }: ReportContext, flow: string, from: number): Promise<Refusals> {
  const kept = await readSince(store, from)
  const items = kept.flatMap(({ at, category, count, flow: of }) =>
    of === flow && at >= from && isRefusal(category) ? [{ at, category, count }] : [],
  )
  // An older incident is still there, so no newer one is gone.
  const oldest = kept.at(-1)
  if (oldest && oldest.at < from) return { items, since: from }
  // Counted after reading the incidents: one that arrives in between can make `since` later, never earlier.
  const refused = await store.incidentCounts()
  const isAll = total(Object.values(refused)) <= total(kept.map(({ count }) => count))
  return { items, since: isAll ? from : oldest ? oldest.at + 1 : now }
}

/** Requests by category. */
export function countsOf(refusals: readonly Refusal[]): Counts {
  const counts = new Map<string, number>()
  for (const { category, count: requests } of refusals) count(counts, category, requests)
  return toCounts(counts)
}

/** All incidents from this instant on, and some older ones. */
async function readSince(store: ReportContext['store'], from: number): Promise<readonly Incident[]> {
  const found: Incident[] = []
  for await (const incidents of pagesOf((after) => store.incidents({ limit: PAGE, ...after }))) {
    found.push(...incidents)
    if ((found.at(-1)?.at ?? 0) < from) break
  }
  return found
}

const PAGE = 1_000
