// Counts how the config's own answers compare with those of the endpoint behind a tap.

import type { Difference } from '../flow/compare-replies.ts'
import { COMPARISON, type Comparison, emptyComparison, readComparison, summed } from '../flow/comparison.ts'
import type { JsonObject } from '../lib/json.ts'
import type { Store } from '../store/store.ts'

export type Comparing = {
  note(of: Compared): void
  /** Adds what was counted here to what the store has. Never rejects. */
  sync(): Promise<void>
}

type Compared = {
  readonly flow: string
  /** Of its config. */
  readonly version: string
  readonly at: number
  readonly action: string
  readonly screen: string
  readonly session: string
  /** `skipped`: why the config has no answer of its own. */
  readonly result: { readonly differences: readonly Difference[] } | { readonly skipped: string }
}

type Deps = { readonly store: Pick<Store, 'getDocument' | 'putDocument'>; readonly now: () => number }

export function createComparing({ store, now }: Deps): Comparing {
  const counted = new Map<string, Comparison>()
  return {
    note({ flow, version, at, action, screen, session, result }) {
      const place = { action, screen }
      const one: Comparison =
        'skipped' in result
          ? { ...emptyComparison(version, at), skipped: [{ ...place, name: result.skipped, count: 1, at, session }] }
          : {
              ...emptyComparison(version, at),
              compared: 1,
              same: result.differences.length === 0 ? 1 : 0,
              differences: result.differences.map((each) => ({ ...place, ...each, count: 1, at, session })),
            }
      const before = counted.get(flow)
      counted.set(flow, before ? summed(before, one) : one)
    },
    async sync() {
      for (const [flow, ours] of [...counted]) {
        counted.delete(flow)
        // If another process is first, or the store is away, this waits for the next time.
        if (await added(flow, ours).catch(() => false)) continue
        const since = counted.get(flow)
        counted.set(flow, since ? summed(ours, since) : ours)
      }
    },
  }

  async function added(flow: string, ours: Comparison): Promise<boolean> {
    const stored = await store.getDocument(COMPARISON, flow, now())
    const theirs = readComparison(stored)
    const all = theirs ? summed(theirs, ours) : ours
    const document = { kind: COMPARISON, key: flow, value: all as unknown as JsonObject }
    const condition = stored === undefined ? { onlyIfAbsent: true } : { onlyIf: stored }
    return store.putDocument(document, { now: now(), ...condition })
  }
}
