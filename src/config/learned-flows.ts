import type { Flow } from '../flow/definition.ts'
import { LEARNED, readLearned } from '../flow/learned.ts'
import { learnedFlow } from '../flow/learned-flow.ts'
import type { Json } from '../lib/json.ts'
import type { Loaded } from './load-result.ts'

type Documents = { getDocument(kind: string, key: string, now: number): Promise<Json | undefined> }

/** With what the server learned of flows that another server answers. */
export async function withLearned<Known extends Pick<Loaded, 'config' | 'flows'>>(
  loaded: Known,
  store: Documents,
): Promise<Known> {
  const flows = new Map<string, Flow>()
  for (const [key, flow] of loaded.flows) {
    const stored = flow.isLearning ? await store.getDocument(LEARNED, key, 0) : undefined
    const learned = stored === undefined ? undefined : learnedFlow(key, loaded.config.flows[key], readLearned(stored))
    flows.set(key, learned ?? flow)
  }
  return { ...loaded, flows }
}
