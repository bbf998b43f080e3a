// How stores answer `tallies`: from rollups of whole hours, the sessions around them, and those that only the clock can judge.

import { ask } from '../insight/asked.ts'
import { type Span, spanAt } from '../insight/rollup.ts'
import { mergeTallies, SPAN_MS, spanOf, type Tally, tallyOf, waysOnly } from '../insight/tally.ts'
import type { Session } from '../trail/session.ts'
import type { LabelledTally, TallyQuery } from './store.ts'

export type TallyAnswer = {
  /** A rollup tells of all sessions whether they are lost, but of those that were seen last in this time, both ends included. */
  readonly edge: { readonly from: number; readonly to: number }
  addTally(label: string, version: string, tally: Tally): void
  /** Sessions that no rollup covers. Those of other versions are passed over. */
  addSessions(label: string, sessions: Iterable<Session>): void
  /** Sessions of the flow, covered or not, that were seen last in `edge` and did not complete. */
  addLeft(sessions: Iterable<Session>): void
  end(): LabelledTally[]
}

export function startTallyAnswer({ spans, version, now, lostAfterMs, detail }: TallyQuery): TallyAnswer {
  const lostSince = now - lostAfterMs
  const tallies = gather<Tally>()
  const left = gather<Session>()
  const isWanted = (session: Session) => version === undefined || session.version === version
  return {
    edge: { from: spanOf(lostSince) * SPAN_MS, to: lostSince },
    addTally: tallies.add,
    addSessions(label, sessions) {
      const wanted = [...sessions].filter(isWanted)
      for (const [version, some] of Map.groupBy(wanted, (session) => session.version))
        tallies.add(label, version, tallyOf(some))
    },
    addLeft(sessions) {
      for (const session of sessions) {
        const span = spanAt(spans, session.startedAt)
        if (span) left.add(span.label, session.version, session)
      }
    },
    end: () =>
      tallies.all().map(({ label, version, items }) => ({
        label,
        version,
        asked: ask(
          mergeTallies(detail === 'ways' ? items.map(waysOnly) : items),
          lostSince,
          tallyOf(left.of(label, version)),
        ),
      })),
  }
}

/** From the first span to the last; undefined where there is none. */
export function rangeOf({ spans }: TallyQuery): Span | undefined {
  const [first, last] = [spans[0], spans.at(-1)]
  return first && last && { from: first.from, until: last.until }
}

/** A span of instants, or of hours, with the label it counts for. */
export type Part = Span & { readonly label: string }

/** Each run of spans that touch as one, with the spans that it is made of. In order, and without those that are empty. */
export function joined(spans: readonly Part[]): (Span & { readonly parts: readonly Part[] })[] {
  const runs: { from: number; until: number; parts: Part[] }[] = []
  for (const span of spans) {
    if (span.from >= span.until) continue
    const last = runs.at(-1)
    if (last?.until === span.from) {
      last.until = span.until
      last.parts.push(span)
    } else runs.push({ from: span.from, until: span.until, parts: [span] })
  }
  return runs
}

/** Lists by label and version. */
function gather<T>() {
  const lists = new Map<string, { label: string; version: string; items: T[] }>()
  const keyOf = (label: string, version: string) => JSON.stringify([label, version])
  return {
    add(label: string, version: string, item: T): void {
      const list = lists.get(keyOf(label, version))
      if (list) list.items.push(item)
      else lists.set(keyOf(label, version), { label, version, items: [item] })
    },
    of: (label: string, version: string): readonly T[] => lists.get(keyOf(label, version))?.items ?? [],
    all: () => [...lists.values()],
  }
}
