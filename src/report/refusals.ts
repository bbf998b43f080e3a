// The requests to a flow that were refused, as far as that is still known: stores keep only the newest of all flows.

import { isRefusal, type RefusalCategory } from '../insight/errors.ts'
import { type Counts, count, toCounts, total } from '../stats/counts.ts'
import type { Incident } from '../trail/incident.ts'
import type { ReportContext } from './context.ts'

export type Refusals = {
  readonly items: readonly Refused[]
  /** From here on they are all there. Later than what was asked for when older ones are gone. */
  readonly since: number
}

/** `count`: how many requests this stands for. */
export type Refused = { readonly at: number; readonly category: RefusalCategory; readonly count: number }

/** Those since `from`, the newest first. */
export async function readRefusals({ store, now }: ReportContext, flow: string, from: number): Promise<Refusals> {
  const kept = await readSince(store, from)
  const items = kept.flatMap(({ at, category, count, flow: of }) =>
    of === flow && at >= from && isRefusal(category) ? [{ at, category, count }] : [],
  )
  // Where one is kept that is older than what was asked for, nothing of that is gone.
  const oldest = kept.at(-1)
  if (oldest && oldest.at < from) return { items, since: from }
  // Read last: of what comes in between, less may be said than could be, and never more.
  const refused = await store.incidentCounts()
  const isAll = total(Object.values(refused)) <= total(kept.map(({ count }) => count))
  return { items, since: isAll ? from : oldest ? oldest.at + 1 : now }
}

/** Requests by category. */
export function countsOf(refused: readonly Refused[]): Counts {
  const counts = new Map<string, number>()
  for (const { category, count: requests } of refused) count(counts, category, requests)
  return toCounts(counts)
}

/** All of since then, and some that are older. */
async function readSince(store: ReportContext['store'], from: number): Promise<readonly Incident[]> {
  const found: Incident[] = []
  let after: string | undefined
  do {
    const page = await store.incidents({ limit: PAGE, ...(after !== undefined && { after }) })
    found.push(...page.items)
    after = page.next
  } while (after !== undefined && (found.at(-1)?.at ?? 0) >= from)
  return found
}

const PAGE = 1_000
