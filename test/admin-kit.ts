// An admin with a real store in a temp folder, a clock that only the test moves, and people's trails to look at.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createFailedLogins } from '../src/admin/auth/failed-logins.ts'
import { setupLink } from '../src/admin/auth/one-time-links.ts'
import type { PasswordQueue } from '../src/admin/auth/password-queue.ts'
import type { AdminDeps } from '../src/admin/deps.ts'
import { createAdmin } from '../src/admin/routes.ts'
import { backupStatus } from '../src/backup/status.ts'
import { redact } from '../src/config/redact.ts'
import { config as configSchema } from '../src/config/schema.ts'
import { createActivity } from '../src/endpoint/activity.ts'
import { createErasure } from '../src/erasure/erasure.ts'
import { compileFlow } from '../src/flow/compile.ts'
import type { Flow } from '../src/flow/definition.ts'
import { outlineOf } from '../src/flow/outline.ts'
import type { FlowConfig } from '../src/flow/schema.ts'
import { createCompressor } from '../src/http/compress.ts'
import type { RefusalReason } from '../src/http/refusal-reasons.ts'
import type { ScheduledJob } from '../src/jobs/scheduled-job.ts'
import { createScheduler } from '../src/jobs/scheduler.ts'
import type { Ledger } from '../src/journal/ledger.ts'
import { randomId, sha256 } from '../src/lib/ids.ts'
import { createLog } from '../src/lib/log.ts'
import { isProcessGone, thisProcess } from '../src/lib/this-process.ts'
import { type AskReport, reportsFrom } from '../src/report/reports.ts'
import { createRollups } from '../src/rollup/rollups.ts'
import { openSqliteQueryStore } from '../src/store/sqlite/sqlite.ts'
import type { TrailEvent } from '../src/trail/event.ts'
import type { SessionRulebook } from '../src/trail/session.ts'
import type { SignatureCounts } from '../src/trail/signature-counts.ts'
import { eventOf, START } from './arbitrary-events.ts'

export const BASE = 'http://localhost'
export const PASSWORD = 'three blind mice'
export const FUNNEL = ['SERVICE_SELECTION', 'DATE_TIME', 'CONTACT_INFO', 'CONFIRMATION'] as const

const HOUR = 3_600_000

type AdminOptions = {
  readonly server?: object
  readonly ledger?: AdminDeps['ledger']
  readonly signatures?: SignatureCounts
  readonly passwords?: PasswordQueue
  readonly isDevelopment?: boolean
  readonly jobs?: readonly ScheduledJob[]
  /** Sees each question before it is answered. */
  readonly onQuestion?: (...question: Parameters<AskReport>) => unknown
}

const NONE: SignatureCounts = { since: START, ours: 0, foreign: 0 }

/** Real hashes take an eighth of a second each, and a thread. */
const quickPasswords: PasswordQueue = {
  hash: async (password) => sha256(password),
  verify: async (password, hash) => sha256(password) === hash,
  close() {},
}

export async function openAdmin(options: AdminOptions = {}) {
  const { server = {}, ledger = async () => LEDGER, signatures = NONE, passwords = quickPasswords } = options
  const folder = await mkdtemp(join(tmpdir(), 'screentrail-admin-'))
  const store = await openSqliteQueryStore(join(folder, 'trail.db'))
  const time = { now: START + 48 * HOUR }
  const config = configOf(server, folder)
  const clock = () => time.now
  const refused: RefusalReason[] = []
  const activity = createActivity(clock)
  const scheduler = createScheduler({
    jobs: options.jobs ?? [],
    store,
    clock,
    me: thisProcess(),
    isGone: isProcessGone,
    log: createLog('silent'),
  })
  const flows = new Map(Object.entries(config.flows).map(([key, flow]) => [key, outlineOf(compiled(key, flow))]))
  const report = reportsFrom({ store, rollups: createRollups(store.rollups), config, flows })
  const loaded = { file: join(folder, 'config.yaml'), config, takenFrom: { files: [], variables: ['API_TOKEN'] } }
  const deps: AdminDeps = {
    store,
    async ask(...question) {
      await options.onQuestion?.(...question)
      return report(...question)
    },
    ledger,
    passwords,
    failedLogins: createFailedLogins({ audit: store.audit, clock }),
    observeRefusal: (reason) => refused.push(reason),
    config,
    configFile: loaded.file,
    formsOfToken: (typed) => [typed],
    flowJsonOf: () => undefined,
    shownConfig: redact(config),
    secretPlaces: ['meta.app_secrets'],
    signatures: () => signatures,
    compress: createCompressor(),
    activity: activity.view,
    isSpared: () => false,
    jobs: scheduler,
    backups: (job) => backupStatus({ ...loaded, store, job: job ?? {} }, clock()),
    erasure: createErasure({ store, key: 'a key', flows: new Map(), journalFile: join(folder, 'journal.db'), clock }),
    waitingOf: async () => [],
    isDevelopment: options.isDevelopment ?? false,
    clock,
    randomId,
    log: createLog('silent'),
  }
  const { routes, warmUp } = createAdmin(deps)
  await routes.modules
  const send = (path: string, init: RequestInit = {}) => routes.handle(new Request(`${BASE}${path}`, init))
  return {
    deps,
    store,
    time,
    /** What the endpoint would note. */
    activity,
    routes,
    warmUp,
    /** Why requests were turned away so far. */
    refused,
    /** As a browser asks; `headers` may hold a cookie. */
    get: (path: string, headers: Headers = {}) => send(path, { headers }),
    /** As a form on one of our pages is sent. */
    post: (path: string, form: { readonly [name: string]: string }, headers: Headers = {}) =>
      send(path, {
        method: 'POST',
        headers: { 'sec-fetch-site': 'same-origin', ...headers },
        body: new URLSearchParams(form),
      }),
    send,
    seed: (events: readonly TrailEvent[]) => store.record(events, RULES),
    async close() {
      await scheduler.stop()
      passwords.close()
      await store.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export type Admin = Awaited<ReturnType<typeof openAdmin>>

/**
 * Makes the account `ada` through the setup link; returns the header of who is logged in, and `device`, the one of the same
 * browser without the login.
 */
export async function enter(admin: Admin): Promise<{ cookie: string; device: string }> {
  const token = new URL((await setupLink(admin.deps, BASE)) as string).searchParams.get('token') as string
  const reply = await admin.post('/admin/setup', { token, name: 'Ada', password: PASSWORD, again: PASSWORD })
  return { cookie: cookieOf(reply), device: reply.headers.getSetCookie()[1]?.split(';')[0] as string }
}

/** What a browser would send back. */
export const cookieOf = (reply: Response): string => (reply.headers.get('set-cookie') ?? '').split(';')[0] as string

/** A person who books: chooses, is refused once for the date, gives their name. Five requests within two minutes. */
export function bookedTrail(token: string, at: number): TrailEvent[] {
  const event = (seconds: number, partial: Partial<TrailEvent>) =>
    eventOf({ token, at: at + seconds * 1_000, ...partial })
  return [
    event(0, { action: 'init', screen: '', next: 'SERVICE_SELECTION' }),
    event(14, {
      screen: 'SERVICE_SELECTION',
      next: 'DATE_TIME',
      input: { service: 'routine' },
      upstreamMs: 182.5,
      processingMs: 187,
    }),
    event(41, {
      screen: 'DATE_TIME',
      next: 'DATE_TIME',
      outcome: 'rejected',
      input: { date: '2026-03-01', slot: 's2' },
      errors: [{ code: 'invalid_field', field: 'date', rule: 'min', message: 'Pick a day from today on' }],
    }),
    event(55, { screen: 'DATE_TIME', next: 'CONTACT_INFO', input: { date: '2026-03-05', slot: 's2' } }),
    event(92, {
      screen: 'CONTACT_INFO',
      next: 'CONFIRMATION',
      input: { phone: { $hash: 'h:5GQm2f8Zk1' }, note: { $length: 12 }, card: { $mask: '••••1234' } },
    }),
    event(108, { screen: 'CONFIRMATION', next: 'SUCCESS', outcome: 'completed' }),
  ]
}

/** A person who chooses, taps twice and is not seen again. */
export function lostTrail(token: string, at: number): TrailEvent[] {
  const tap = { token, screen: 'SERVICE_SELECTION', next: 'DATE_TIME', input: { service: 'emergency' } }
  return [
    eventOf({ token, at, action: 'init', screen: '', next: 'SERVICE_SELECTION' }),
    eventOf({ ...tap, at: at + 9_000 }),
    eventOf({ ...tap, at: at + 11_000 }),
  ]
}

const RULE = {
  gapMs: 24 * HOUR,
  repeatWindowMs: 15_000,
  funnel: FUNNEL.map((screen) => [screen]),
  choices: { SERVICE_SELECTION: ['service'], DATE_TIME: ['slot'] },
}
export const RULES: SessionRulebook = { flows: { 'repair-booking': RULE }, otherwise: { ...RULE, funnel: [] } }

const LEDGER: Ledger = { received: 1_210, stored: 1_204, alreadyStored: 4, waiting: 2, quarantined: 0, dropped: 0 }

function compiled(key: string, config: FlowConfig): Flow {
  const result = compileFlow(key, config)
  if (!result.ok) throw new Error(JSON.stringify(result.problems))
  return result.flow
}

type Headers = { readonly [name: string]: string }

const configOf = (server: object, folder: string) =>
  configSchema.parse({
    server,
    journal: { file: join(folder, 'journal.db') },
    backup: { folder: join(folder, 'backups'), schedule: '30 3 * * *' },
    meta: {
      app_secrets: ['app-secret-never-shown'],
      keys: [{ file: '/keys/flow.pem', passphrase: 'pass-never-shown' }],
    },
    flows: {
      'repair-booking': {
        start: 'SERVICE_SELECTION',
        screens: {
          SERVICE_SELECTION: { fields: { service: { type: 'choice' } }, next: 'DATE_TIME' },
          DATE_TIME: { next: 'CONTACT_INFO' },
          CONTACT_INFO: { next: 'CONFIRMATION' },
          CONFIRMATION: { complete: {} },
        },
      },
    },
  })
