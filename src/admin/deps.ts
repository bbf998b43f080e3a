import type { BackupStatus } from '../backup/status.ts'
import type { Config } from '../config/schema.ts'
import type { ErasureParts } from '../erasure/erasure.ts'
import type { FlowJson } from '../flow-json/flow-json.ts'
import type { Compress } from '../http/compress.ts'
import type { RefusalReason } from '../http/refusal-reasons.ts'
import type { JobState, Scheduler } from '../jobs/scheduler.ts'
import type { Ledger } from '../journal/ledger.ts'
import type { Clock } from '../lib/clock.ts'
import type { RandomId } from '../lib/ids.ts'
import type { Json } from '../lib/json.ts'
import type { LogLines } from '../lib/rate-limited-log.ts'
import type { AskReport } from '../report/reports.ts'
import type { Store } from '../store/store.ts'
import type { ActivityView } from '../trail/activity-view.ts'
import type { TrailEvent } from '../trail/event.ts'
import type { SignatureCounts } from '../trail/signature-counts.ts'
import type { FailedLogins } from './auth/failed-logins.ts'
import type { PasswordQueue } from './auth/password-queue.ts'

/** What the admin needs from the rest of the server. */
export type AdminDeps = {
  readonly store: Store
  readonly ask: AskReport
  /** Undefined if the journal cannot be read. */
  readonly ledger: () => Promise<Ledger | undefined>
  readonly passwords: PasswordQueue
  readonly failedLogins: FailedLogins
  /** Counts a refused request in the metrics. */
  readonly observeRefusal: (reason: RefusalReason) => void
  readonly config: Config
  /** The absolute path of the config. */
  readonly configFile: string
  /** The forms in which a store may hold the flow token that somebody typed. The audit log gets the first one. */
  readonly formsOfToken: (token: string) => readonly string[]
  /** Of a flow that has one. */
  readonly flowJsonOf: (flow: string) => FlowJson | undefined
  /** The config without secrets. */
  readonly shownConfig: Json
  /** The places of the app secrets, such as `meta.app_secrets`. */
  readonly secretPlaces: readonly string[]
  readonly signatures: () => SignatureCounts
  /** Of this process. */
  readonly activity: () => ActivityView
  /** Whether the server at this address is left alone right now, after several failures in a row. */
  readonly isSpared: (url: string) => boolean
  readonly jobs: Pick<Scheduler, 'list' | 'start'>
  /** `backup`: the state of the job of that name, where there is one. */
  readonly backups: (backup: JobState | undefined) => Promise<BackupStatus>
  readonly erasure: Pick<ErasureParts, 'read' | 'requests' | 'search' | 'auditedToken'>
  /** The events of a token that wait in the journal. */
  readonly waitingOf: (flow: string, token: string) => Promise<readonly TrailEvent[]>
  /** Shows the page of the parts that pages are made of. */
  readonly isDevelopment: boolean
  /** What goes to a browser. */
  readonly compress: Compress
  readonly clock: Clock
  readonly randomId: RandomId
  readonly log: LogLines
}
