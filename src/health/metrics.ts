// Metrics for Prometheus. Every label has few values: flows of the config, statuses, categories.

import { Gauge, Histogram, Registry } from 'prom-client'
import { REFUSAL_REASONS, type RefusalReason } from '../http/refusal-reasons.ts'
import type { Clock } from '../lib/clock.ts'
import { INCIDENT_CATEGORIES, type IncidentCategory } from '../trail/incident.ts'
import type { SignatureCounts } from '../trail/signature-counts.ts'
import { type BacklogJournal, readBacklog } from './backlog.ts'
import { createJobMetrics } from './job-metrics.ts'
import { createLedgerMetrics } from './ledger-metrics.ts'
import { metersIn } from './meters.ts'
import { addProcessMetrics } from './process-metrics.ts'

export type ReplyObservation = {
  /** As in the request; counted as `unknown` if it does not exist. */
  readonly flow: string
  readonly status: number
  readonly ms: number
  /** Whether it was Meta's health check. */
  readonly isPing: boolean
}

export type Metrics = ReturnType<typeof createMetrics>

type MetricsDeps = {
  readonly journal: BacklogJournal
  readonly flows: Pick<ReadonlyMap<string, unknown>, 'has' | 'keys'>
  /** Names of the scheduled jobs. */
  readonly jobs?: readonly string[]
  /** By whom the private keys are used. */
  readonly rsa?: string
  /** When the newest verified backup began, milliseconds since the epoch. */
  readonly newestBackupAt?: () => number | undefined
  /** How many requests that a tap let pass wait to be looked at. */
  readonly tapWaiting?: () => number
  /** The servers that flows are forwarded to, and whether each is left alone right now. */
  readonly forwards?: readonly { readonly flow: string; readonly isOpen: () => boolean }[]
  readonly clock: Clock
}

export function createMetrics({
  journal,
  flows,
  jobs = [],
  rsa,
  newestBackupAt,
  tapWaiting,
  forwards = [],
  clock,
}: MetricsDeps) {
  const registry = new Registry()
  const registers = [registry]
  const { counter, gauge, measured } = metersIn(registry)
  const requests = counter('requests', 'Requests to the data endpoint, health checks included.', 'flow', 'status')
  const pings = counter('pings', 'Health checks by Meta that were answered.', 'flow')
  const replyTime = new Histogram({
    name: 'screentrail_reply_seconds',
    help: 'Time from a person’s request to the reply. Health checks and refused requests are left out.',
    labelNames: ['flow'],
    buckets: BUCKETS,
    registers,
  })
  const incidents = counter('incidents', 'Requests that were refused, by category.', 'category')
  const signatures = counter(
    'signatures',
    'Signatures of requests, by whether one of the app secrets made them.',
    'ours',
  )
  const unseen = counter('tap_unseen', 'Requests that a tap let pass, and that are not on the trail.', 'flow')
  const refusals = counter(
    'refusals',
    'Requests to anything but the data endpoint that were turned away, by reason.',
    'reason',
  )
  const isJournalReadable = gauge('journal_readable', '1 when the journal answers; its figures are missing otherwise.')
  if (tapWaiting)
    measured('tap_waiting', 'Requests that a tap let pass and that wait to be put on the trail.', tapWaiting)
  if (rsa !== undefined) gauge('rsa_info', RSA_INFO, 'by').set({ by: rsa }, 1)
  if (newestBackupAt)
    measured(
      'newest_backup_timestamp_seconds',
      'When the newest verified backup in backup.folder began, since the epoch; 0 where there is none.',
      () => (newestBackupAt() ?? 0) / 1_000,
    )
  if (forwards.length > 0)
    new Gauge({
      name: 'screentrail_forward_open',
      help: '1 while a server that a flow is forwarded to is left alone, after several failures in a row.',
      labelNames: ['flow'],
      registers,
      collect() {
        for (const { flow } of forwards) this.set({ flow }, 0)
        for (const { flow, isOpen } of forwards) if (isOpen()) this.set({ flow }, 1)
      },
    })
  addProcessMetrics(registry)
  const ledgerMetrics = createLedgerMetrics()
  const jobMetrics = createJobMetrics(registry, jobs)

  // Starts at 0, so that an alert sees the first refusal as a rise.
  for (const category of INCIDENT_CATEGORIES) incidents.inc({ category }, 0)
  const signatureCounts = { since: clock(), ours: 0, foreign: 0 }
  for (const ours of ['yes', 'no']) signatures.inc({ ours }, 0)
  for (const reason of REFUSAL_REASONS) refusals.inc({ reason }, 0)
  for (const flow of flows.keys()) {
    requests.inc({ flow, status: 200 }, 0)
    pings.inc({ flow }, 0)
    replyTime.zero({ flow })
    unseen.inc({ flow }, 0)
  }

  return {
    ...jobMetrics,
    contentType: registry.contentType,
    observeReply({ flow: asked, status, ms, isPing }: ReplyObservation): void {
      const flow = flows.has(asked) ? asked : 'unknown'
      requests.inc({ flow, status })
      if (isPing) pings.inc({ flow })
      else if (ANSWERS.has(status)) replyTime.observe({ flow }, ms / 1_000)
    },
    /** Counts every refused request, including those that the incident log only summarises. */
    observeIncident: (category: IncidentCategory) => incidents.inc({ category }),
    observeSignature(isOurs: boolean): void {
      signatureCounts[isOurs ? 'ours' : 'foreign']++
      signatures.inc({ ours: isOurs ? 'yes' : 'no' })
    },
    /** Of a request that a tap let pass, and that is not on the trail. */
    observeUnseen: (flow: string) => unseen.inc({ flow }),
    signatures: (): SignatureCounts => ({ ...signatureCounts }),
    /** Of a request outside the data endpoint. */
    observeRefusal: (reason: RefusalReason) => refusals.inc({ reason }),
    /** In Prometheus's text format; without the journal's metrics if it does not answer. */
    async expose(): Promise<string> {
      const backlog = await readBacklog(journal)
      isJournalReadable.set(backlog ? 1 : 0)
      const parts = [registry.metrics(), ...(backlog ? [ledgerMetrics(backlog, clock())] : [])]
      return (await Promise.all(parts)).join('\n')
    },
  }
}

const RSA_INFO = 'By whom the private keys are used: openssl, or webcrypto, which is Bun itself.'

/** In seconds; includes Meta's own thresholds of 1, 5, 7 and 10 s. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 7, 10]

/** Replies to people: a screen, or that the form is closed. */
const ANSWERS: ReadonlySet<number> = new Set([200, 427])
