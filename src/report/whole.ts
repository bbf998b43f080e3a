// What all sessions of a period come to, taken together, and all that was received in it.

import { MAX_SENT_BYTES } from '../flow/reply.ts'
import { type Friction, frictionOf } from '../insight/friction.ts'
import { latencyOf, type ScreenLatency } from '../insight/latency.ts'
import { payloadsOf, type ScreenPayloads } from '../insight/payloads.ts'
import { findingsOf, type QualityFinding } from '../insight/quality.ts'
import { type TimeToConvert, timeToConvert } from '../insight/time-to-convert.ts'
import type { EventAggregate } from '../rollup/event-aggregate.ts'
import { mergeStatistics } from '../rollup/merge-statistics.ts'
import type { SessionStatistics } from '../rollup/session-statistics.ts'
import type { ReportContext } from './context.ts'
import { readContents } from './event-aggregates.ts'
import { wholeOf } from './labelled-spans.ts'
import type { Period } from './period.ts'
import { readStatistics } from './slices.ts'

export type WholeQuestion = { readonly flow: string; readonly period: Period; readonly version?: string | undefined }

export const frictionReport = async (reader: ReportContext, question: WholeQuestion): Promise<readonly Friction[]> =>
  frictionOf(await readWhole(reader, question))

export const latencyReport = async (
  reader: ReportContext,
  question: WholeQuestion,
): Promise<readonly ScreenLatency[]> => latencyOf(await readWhole(reader, question))

export const timeToConvertReport = async (reader: ReportContext, question: WholeQuestion): Promise<TimeToConvert> =>
  timeToConvert(await readWhole(reader, question))

export async function qualityReport(
  reader: ReportContext,
  question: WholeQuestion,
): Promise<readonly QualityFinding[]> {
  const screens = reader.flows.get(question.flow)?.screens ?? []
  const [asked, { untracked, shared }] = await Promise.all([
    readWhole(reader, question),
    readReceived(reader, question),
  ])
  return findingsOf({ asked, screens, untracked, shared })
}

export const payloadReport = async (
  reader: ReportContext,
  question: WholeQuestion,
): Promise<readonly ScreenPayloads[]> => payloadsOf(await readReceived(reader, question), MAX_SENT_BYTES)

async function readWhole(reader: ReportContext, { flow, version, period }: WholeQuestion): Promise<SessionStatistics> {
  const statistics = await readStatistics(reader, { flow, version, spans: wholeOf(period) }, 'all')
  return mergeStatistics(statistics.map(({ statistics }) => statistics))
}

const readReceived = (reader: ReportContext, { flow, version, period }: WholeQuestion): Promise<EventAggregate> =>
  readContents(reader, { flow, version }, { from: period.startsAt, until: period.endsAt })
