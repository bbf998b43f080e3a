import { type PathQuery, pathsOf } from '../insight/paths.ts'
import { mergePaths } from '../rollup/merge-statistics.ts'
import { type FlowQuery, type FlowQuestion, flowReport } from './flow-report.ts'
import { wholeOf } from './labelled-spans.ts'
import { reported } from './result.ts'
import { type ChoiceFilter, chosenPaths, readSlices } from './slices.ts'
import { choiceProblem, unknownScreen } from './unknown-names.ts'

type PathQuestion = FlowQuestion & PathQuery & { readonly choice?: ChoiceFilter | undefined }

export const pathReport = flowReport(async (context, question: FlowQuery<PathQuestion>) => {
  const { flow, version, period, choice, after, before } = question
  const slices = await readSlices(context, { flow, version, spans: wholeOf(period) }, choice !== undefined)
  const problem =
    (await unknownScreen(context, flow, slices, 'after', [after])) ??
    (await unknownScreen(context, flow, slices, 'before', [before])) ??
    choiceProblem(context, flow, slices, choice)
  return problem ?? reported(pathsOf(mergePaths(slices.map((slice) => chosenPaths(slice, choice))), question))
})
