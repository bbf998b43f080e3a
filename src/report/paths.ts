import { type PathQuery, type Paths, pathsOf } from '../insight/paths.ts'
import { mergePaths } from '../rollup/merge-statistics.ts'
import type { ReportContext } from './context.ts'
import { wholeOf } from './labelled-spans.ts'
import type { Period } from './period.ts'
import { type ReportResult, reported } from './result.ts'
import { type ChoiceFilter, chosenPaths, readSlices } from './slices.ts'
import { unknownChoice, unknownScreen, untoldChoice } from './unknown-names.ts'

export type PathQuestion = { readonly flow: string; readonly period: Period } & {
  readonly [name in 'version' | keyof PathQuery]?: string | undefined
} & { readonly choice?: ChoiceFilter | undefined }

export async function pathReport(reader: ReportContext, question: PathQuestion): Promise<ReportResult<Paths>> {
  const { flow, version, period, choice, after, before } = question
  const slices = await readSlices(reader, { flow, version, spans: wholeOf(period) }, choice ? 'all' : 'paths')
  const problem =
    unknownScreen(reader, flow, slices, 'after', after === undefined ? [] : [after]) ??
    unknownScreen(reader, flow, slices, 'before', before === undefined ? [] : [before]) ??
    unknownChoice(reader, flow, slices, 'choice', choice?.field) ??
    untoldChoice(slices, choice)
  if (problem) return problem
  const query = { ...(after !== undefined && { after }), ...(before !== undefined && { before }) }
  return reported(pathsOf(mergePaths(slices.map((slice) => chosenPaths(slice, choice))), query))
}
