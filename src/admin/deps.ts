import type { Config } from '../config/schema.ts'
import type { RefusalReason } from '../http/refusal-reasons.ts'
import type { Ledger } from '../journal/ledger.ts'
import type { Clock } from '../lib/clock.ts'
import type { RandomId } from '../lib/ids.ts'
import type { Json } from '../lib/json.ts'
import type { LogLines } from '../lib/rate-limited-log.ts'
import type { Store } from '../store/store.ts'
import type { SignatureCounts } from '../trail/signature-counts.ts'
import type { FailedLogins } from './auth/failed-logins.ts'
import type { PasswordQueue } from './auth/password-queue.ts'

/** What the admin pages are given. */
export type AdminDeps = {
  readonly store: Store
  /** Undefined when the journal cannot be read at the moment. */
  readonly ledger: () => Promise<Ledger | undefined>
  readonly passwords: PasswordQueue
  readonly failedLogins: FailedLogins
  /** Counts what was turned away. */
  readonly observeRefusal: (reason: RefusalReason) => void
  readonly config: Config
  /** What a flow token that somebody typed may be stored as; the first is how it may be written down. */
  readonly formsOfToken: (typed: string) => readonly string[]
  /** The config as it may be shown. */
  readonly shownConfig: Json
  /** Where the app secrets are kept. */
  readonly secretPlaces: readonly string[]
  readonly signatures: () => SignatureCounts
  readonly clock: Clock
  readonly randomId: RandomId
  readonly log: LogLines
}
