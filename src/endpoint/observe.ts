// Looks at what a tap let pass, after the person has the reply: opens both with the key, and writes the trail.

import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib'
import PQueue from 'p-queue'
import { acknowledge } from '../flow/answer.ts'
import type { Evaluate } from '../flow/expression.ts'
import { type ObservedReply, observedClosing, observedFailure, observedReply } from '../flow/observed.ts'
import { dayOf } from '../lib/days.ts'
import { sha256 } from '../lib/ids.ts'
import type { LogLines } from '../lib/rate-limited-log.ts'
import { redactError } from '../lib/redact-error.ts'
import type { IncidentCategory } from '../trail/incident.ts'
import { openReply, type ReplyKey } from '../wire/envelope.ts'
import type { FlowRequest } from '../wire/request.ts'
import type { Activity } from './activity.ts'
import type { EndpointMetrics } from './endpoint-metrics.ts'
import { declaredBy, normalised } from './flow-request.ts'
import type { IncidentLog } from './incident-log.ts'
import { type OpeningDeps, openRequest, SIGNATURE_HEADER } from './open-request.ts'
import type { Tapped } from './tap.ts'
import type { TrailWriter } from './trail-writer.ts'

export type Observer = {
  /** Looks at it when there is time. What comes while too much waits is not looked at. */
  see(tapped: Tapped): void
  /** Resolves when nothing waits. */
  settled(): Promise<void>
}

type ObserverDeps = OpeningDeps & {
  readonly timezone: string
  readonly evaluate: Evaluate
  readonly activity: Pick<Activity, 'notePing'>
  readonly trail: TrailWriter
  readonly incidents: Pick<IncidentLog, 'record'>
  readonly metrics: Pick<EndpointMetrics, 'observeReply' | 'observeIncident'> & {
    /** Of one that was not looked at. */
    observeUnseen(flow: string): void
  }
  readonly log: LogLines
}

/** At a time, so that replies come first. */
const AT_A_TIME = 4

/** What waits, by number and bytes. */
const MAX_WAITING = 10_000
const MAX_WAITING_BYTES = 64 * 1024 * 1024

export function createObserver(deps: ObserverDeps): Observer {
  const queue = new PQueue({ concurrency: AT_A_TIME })
  let waitingBytes = 0

  const look = async (tapped: Tapped): Promise<void> => {
    const { flow, status, ms } = tapped
    const isPing = await observe(tapped, deps).catch((error: unknown) => {
      deps.metrics.observeUnseen(flow.key)
      deps.log.error({ fault: redactError(error), flow: flow.key }, 'a tapped request could not be looked at')
      return false
    })
    deps.metrics.observeReply({ flow: flow.key, status, ms, isPing })
  }

  return {
    see(tapped) {
      const { flow, status, ms } = tapped
      const bytes = tapped.request.byteLength + (tapped.reply?.bytes.byteLength ?? 0)
      if (queue.size >= MAX_WAITING || waitingBytes + bytes > MAX_WAITING_BYTES) {
        deps.metrics.observeUnseen(flow.key)
        deps.metrics.observeReply({ flow: flow.key, status, ms, isPing: false })
        deps.log.warn({ flow: flow.key }, 'too many tapped requests wait; some are not on the trail')
        return
      }
      waitingBytes += bytes
      void queue
        .add(() => look(tapped))
        .finally(() => {
          waitingBytes -= bytes
        })
    },
    settled: () => queue.onIdle(),
  }
}

/** Returns whether it was a health check. */
async function observe(tapped: Tapped, deps: ObserverDeps): Promise<boolean> {
  const refuse = (category: IncidentCategory, detail: string): false => {
    deps.incidents.record(category, flow.key, detail)
    deps.metrics.observeIncident(category)
    return false
  }
  const { flow, at, request: bytes, requestHeaders, reply, ms } = tapped
  const opened = await openRequest(bytes, requestHeaders.get(SIGNATURE_HEADER), declaredBy(flow), deps)
  if (opened.kind === 'refused') return refuse(opened.category, opened.detail)
  const refused = reply && REFUSED[reply.status]
  if (refused) return refuse(refused, `the endpoint answered ${reply.status}`)
  if (opened.kind === 'ping') {
    deps.activity.notePing(flow.key)
    return true
  }
  const request = normalised(opened.request, flow, deps.timezone)
  if (reply?.status === 427 && request.action === 'init')
    return refuse('token_refused', 'the endpoint closed the flow on opening')
  const answered = await answerIn(tapped, request, opened.replyKey, deps)
  const event = deps.trail.eventOf(flow, {
    request,
    answered,
    measured: {
      id: sha256(bytes),
      at,
      processingMs: hundredths(ms),
      upstreamMs: hundredths(ms),
      requestBytes: bytes.byteLength,
      replyBytes: reply?.bytes.byteLength ?? 0,
    },
  })
  await deps.trail.write(event)
  return false
}

/** What Meta's client is told by these statuses. */
const REFUSED: { readonly [status: number]: IncidentCategory } = { 421: 'decrypt_failed', 432: 'bad_signature' }

async function answerIn(
  { flow, at, reply, failure, ms }: Tapped,
  request: FlowRequest,
  replyKey: ReplyKey,
  { evaluate, timezone }: ObserverDeps,
): Promise<ObservedReply> {
  if (!reply || failure)
    return observedFailure(request, failure ?? { code: 'upstream_unreachable', message: 'did not answer' }, ms)
  const { status } = reply
  const text = status === 200 || status === 427 ? openReply(textOf(reply), replyKey) : undefined
  if (request.action === 'client_error' && status === 200) return acknowledge(request)
  if (status === 427) return observedClosing(request, text ?? '', ms)
  if (status !== 200) return observedFailure(request, { code: 'upstream_status', message: `answered ${status}` }, ms)
  if (text === undefined)
    return observedFailure(
      request,
      { code: 'upstream_body', message: 'sent a reply that the request’s key does not open' },
      ms,
    )
  return observedReply(flow, request, { text, upstreamMs: ms, evaluate, today: dayOf(at, timezone) })
}

/** As the phone reads it. */
function textOf({ bytes, headers }: NonNullable<Tapped['reply']>): string {
  const encoding = headers.get('content-encoding') ?? ''
  const unpack = UNPACK[encoding.trim().toLowerCase()]
  return (unpack ? unpack(bytes, { maxOutputLength: MAX_UNPACKED_BYTES }) : Buffer.from(bytes)).toString()
}

const UNPACK: { readonly [encoding: string]: typeof gunzipSync } = {
  gzip: gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
}

const MAX_UNPACKED_BYTES = 4 * 1024 * 1024

const hundredths = (ms: number): number => Math.round(ms * 100) / 100
