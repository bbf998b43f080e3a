import { mergeWays } from '../insight/merge-asked.ts'
import { type PathQuery, type Paths, pathsOf } from '../insight/paths.ts'
import { unknownChoice, unknownScreen, untoldChoice } from './known.ts'
import type { Period } from './period.ts'
import type { Reader } from './reader.ts'
import { type Reported, reported } from './reported.ts'
import { type ChoiceFilter, readSlices, waysOf } from './slices.ts'
import { wholeOf } from './spans.ts'

export type PathQuestion = { readonly flow: string; readonly period: Period } & {
  readonly [name in 'version' | keyof PathQuery]?: string | undefined
} & { readonly choice?: ChoiceFilter | undefined }

export async function pathReport(reader: Reader, question: PathQuestion): Promise<Reported<Paths>> {
  const { flow, version, period, choice, after, before } = question
  const slices = await readSlices(reader, { flow, version, spans: wholeOf(period) }, choice ? 'all' : 'ways')
  const problem =
    unknownScreen(reader, flow, slices, 'after', after === undefined ? [] : [after]) ??
    unknownScreen(reader, flow, slices, 'before', before === undefined ? [] : [before]) ??
    unknownChoice(reader, flow, slices, 'choice', choice?.field) ??
    untoldChoice(slices, choice)
  if (problem) return problem
  const query = { ...(after !== undefined && { after }), ...(before !== undefined && { before }) }
  return reported(pathsOf(mergeWays(slices.map((slice) => waysOf(slice, choice))), query))
}
