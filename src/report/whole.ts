// What all sessions of a period come to, taken together.

import type { Asked } from '../insight/asked.ts'
import { type TimeToConvert, timeToConvert } from '../insight/convert.ts'
import { type Friction, frictionOf } from '../insight/friction.ts'
import { latencyOf, type ScreenLatency } from '../insight/latency.ts'
import { mergeAsked } from '../insight/merge-asked.ts'
import { type Finding, findingsOf } from '../insight/quality.ts'
import type { Period } from './period.ts'
import type { Reader } from './reader.ts'
import { readTallies } from './slices.ts'
import { wholeOf } from './spans.ts'

export type WholeQuestion = { readonly flow: string; readonly period: Period; readonly version?: string | undefined }

export const frictionReport = async (reader: Reader, question: WholeQuestion): Promise<readonly Friction[]> =>
  frictionOf(await readWhole(reader, question))

export const latencyReport = async (reader: Reader, question: WholeQuestion): Promise<readonly ScreenLatency[]> =>
  latencyOf(await readWhole(reader, question))

export const convertReport = async (reader: Reader, question: WholeQuestion): Promise<TimeToConvert> =>
  timeToConvert(await readWhole(reader, question))

/** Without what is only known of all flows together: the events that came without a token of their own. */
export async function qualityReport(reader: Reader, question: WholeQuestion): Promise<readonly Finding[]> {
  const screens = [...(reader.flows.get(question.flow)?.screens.keys() ?? [])]
  return findingsOf({ asked: await readWhole(reader, question), screens, untracked: 0 })
}

async function readWhole(reader: Reader, { flow, version, period }: WholeQuestion): Promise<Asked> {
  const tallies = await readTallies(reader, { flow, version, spans: wholeOf(period) }, 'all')
  return mergeAsked(tallies.map(({ asked }) => asked))
}
