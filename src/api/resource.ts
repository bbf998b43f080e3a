// One resource: its address, what it can be asked, what it answers.

import { z } from 'zod'
import type { ReportContext } from '../report/context.ts'
import { type Period, periodOf } from '../report/period.ts'
import { notFound, type ReportResult } from '../report/result.ts'
import { isKnownFlow } from '../report/unknown-names.ts'
import type { AuditKind } from '../store/audit-kinds.ts'
import { PERIOD } from './parameters.ts'
import type { Parameters, QueryOf } from './read-query.ts'
import { period as periodShape, showPeriod } from './shapes.ts'

/** One question, as it was asked. */
export type Asking<Q> = {
  readonly reader: ReportContext
  /** The parts of the address that stand for something, such as `flow`. */
  readonly params: { readonly [name: string]: string }
  readonly query: Q
  /** What a flow token in the query may be stored as; the first is how it may be written down. */
  readonly tokens: readonly string[]
  /** Writes to the audit log that the caller read this. */
  readonly audit: (what: AuditKind, detail: string) => Promise<void>
}

export type Resource<A extends z.ZodType = z.ZodType> = {
  /** Below `/api/v1`, with parameters in braces. */
  readonly path: string
  readonly summary: string
  readonly parameters: Parameters
  readonly answer: A
  readonly read: (asking: Asking<unknown>) => Promise<ReportResult<unknown>>
}

/** Holds what is read to the shape that is promised. */
export const resource = <P extends Parameters, A extends z.ZodType>(made: {
  readonly path: string
  readonly summary: string
  readonly parameters: P
  readonly answer: A
  readonly read: (asking: Asking<QueryOf<P>>) => Promise<ReportResult<z.input<A>>>
}): Resource<A> => ({ ...made, read: (asking) => made.read(asking as Asking<QueryOf<P>>) })

const ABOUT = { flow: z.string(), period: periodShape }
type About = typeof ABOUT

type FlowAsking<P extends Parameters> = Asking<QueryOf<P>> & { readonly flow: string; readonly period: Period }

/** About the sessions of one flow that began in a period; both are told in the answer. */
export const flowResource = <P extends Parameters, A extends z.ZodRawShape>(made: {
  readonly name: string
  readonly summary: string
  readonly parameters: P
  readonly answer: A
  readonly read: (asking: FlowAsking<P>) => Promise<ReportResult<z.input<z.ZodObject<A>>>>
}): Resource<z.ZodObject<About & A>> => ({
  path: `/flows/{flow}/${made.name}`,
  summary: made.summary,
  parameters: { ...PERIOD, ...made.parameters },
  answer: z.strictObject({ ...ABOUT, ...made.answer }),
  async read(asking) {
    const { reader, params, query } = asking as Asking<QueryOf<typeof PERIOD & P>>
    const flow = params.flow ?? ''
    if (!(await isKnownFlow(reader, flow))) return unknownFlow(reader, flow)
    const period = periodOf(query, reader.timezone, reader.now)
    if (!period.ok) return period
    const told = await made.read({ ...asking, query, flow, period: period.report })
    return told.ok ? { ok: true, report: { flow, period: showPeriod(period.report), ...told.report } } : told
  },
})

export const unknownFlow = ({ flows }: ReportContext, flow: string) =>
  notFound(`There is no flow ${JSON.stringify(flow.slice(0, 60))}; the flows are ${[...flows.keys()].join(', ')}`)
