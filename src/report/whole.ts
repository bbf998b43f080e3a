// What all sessions of a period come to, taken together, and all that was received in it.

import { MAX_SENT_BYTES } from '../flow/reply.ts'
import type { Asked } from '../insight/asked.ts'
import { type TimeToConvert, timeToConvert } from '../insight/convert.ts'
import { type Friction, frictionOf } from '../insight/friction.ts'
import { latencyOf, type ScreenLatency } from '../insight/latency.ts'
import { mergeAsked } from '../insight/merge-asked.ts'
import { payloadsOf, type ScreenPayloads } from '../insight/payloads.ts'
import { type Finding, findingsOf } from '../insight/quality.ts'
import type { Traffic } from '../insight/traffic.ts'
import type { Period } from './period.ts'
import type { Reader } from './reader.ts'
import { readTallies } from './slices.ts'
import { wholeOf } from './spans.ts'
import { readContents } from './traffic.ts'

export type WholeQuestion = { readonly flow: string; readonly period: Period; readonly version?: string | undefined }

export const frictionReport = async (reader: Reader, question: WholeQuestion): Promise<readonly Friction[]> =>
  frictionOf(await readWhole(reader, question))

export const latencyReport = async (reader: Reader, question: WholeQuestion): Promise<readonly ScreenLatency[]> =>
  latencyOf(await readWhole(reader, question))

export const convertReport = async (reader: Reader, question: WholeQuestion): Promise<TimeToConvert> =>
  timeToConvert(await readWhole(reader, question))

export async function qualityReport(reader: Reader, question: WholeQuestion): Promise<readonly Finding[]> {
  const screens = reader.flows.get(question.flow)?.screens ?? []
  const [asked, { untracked, shared }] = await Promise.all([
    readWhole(reader, question),
    readReceived(reader, question),
  ])
  return findingsOf({ asked, screens, untracked, shared })
}

export const payloadReport = async (reader: Reader, question: WholeQuestion): Promise<readonly ScreenPayloads[]> =>
  payloadsOf(await readReceived(reader, question), MAX_SENT_BYTES)

async function readWhole(reader: Reader, { flow, version, period }: WholeQuestion): Promise<Asked> {
  const tallies = await readTallies(reader, { flow, version, spans: wholeOf(period) }, 'all')
  return mergeAsked(tallies.map(({ asked }) => asked))
}

const readReceived = (reader: Reader, { flow, version, period }: WholeQuestion): Promise<Traffic> =>
  readContents(reader, { flow, version }, { from: period.startsAt, until: period.endsAt })
