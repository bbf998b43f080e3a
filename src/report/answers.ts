// Who answers for a flow: its config, or another server; what was learned of it then, and how the two compare.

import { COMPARISON, readComparison } from '../flow/comparison.ts'
import { LEARNED, readLearned } from '../flow/learned.ts'
import type { ReportContext } from './context.ts'
import { reported } from './result.ts'
import { isKnownFlow, unknownFlow } from './unknown-names.ts'

export async function answersReport(context: ReportContext, { flow }: { readonly flow: string }) {
  const { flows, store, now } = context
  if (!(await isKnownFlow(context, flow))) return unknownFlow(context, flow)
  const [learned, comparison] = await Promise.all([
    store.getDocument(LEARNED, flow, now),
    store.getDocument(COMPARISON, flow, now),
  ])
  const outline = flows.get(flow)
  const compared = outline?.isCompared ? readComparison(comparison) : undefined
  return reported({
    flow,
    by: outline?.by ?? ('config' as const),
    ...(outline?.isLearning && { learned: readLearned(learned) }),
    // Of an older config it says nothing.
    ...(compared?.version === outline?.version && compared && { comparison: compared }),
  })
}
