// The composition root: the only file that wires the parts together.

import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { createFailedLogins } from './admin/auth/failed-logins.ts'
import { setupLink } from './admin/auth/one-time-links.ts'
import { createPasswordQueue } from './admin/auth/password-queue.ts'
import type { AdminDeps } from './admin/deps.ts'
import { createAdmin } from './admin/routes.ts'
import { apiRoutes } from './api/routes.ts'
import { openArchive } from './archive/archive.ts'
import { backupsBefore } from './backup/folder.ts'
import { backupStatus, newestBackups } from './backup/status.ts'
import { backUpInProcess } from './backup/supervised.ts'
import { privateKeysOf } from './config/flow-key.ts'
import type { Loaded } from './config/load-result.ts'
import { basePathOf } from './config/public-url.ts'
import { redact } from './config/redact.ts'
import { appSecretPlaces } from './config/secrets.ts'
import { rulebookOf } from './config/session-rules.ts'
import { createActivity } from './endpoint/activity.ts'
import { createCircuitBreaker } from './endpoint/circuit-breaker.ts'
import { createComparing } from './endpoint/comparison.ts'
import { createEndpoint } from './endpoint/endpoint.ts'
import { createIncidentLog } from './endpoint/incident-log.ts'
import { createLearning } from './endpoint/learning.ts'
import { createLiveSessions } from './endpoint/live-sessions.ts'
import { createObserve } from './endpoint/observe.ts'
import { createObserver } from './endpoint/observer.ts'
import { createBodyReader } from './endpoint/request-body.ts'
import { endpointRoute } from './endpoint/route.ts'
import { createSentOptions } from './endpoint/sent-options.ts'
import { storedSessions } from './endpoint/stored-sessions.ts'
import { createTap } from './endpoint/tap.ts'
import { createTrailWriter } from './endpoint/trail-writer.ts'
import { createTurns } from './endpoint/turns.ts'
import { createErasure } from './erasure/erasure.ts'
import { createEvaluator } from './evaluator/evaluator.ts'
import { type CallApi, createApis } from './flow/call-api.ts'
import { outlineOf } from './flow/outline.ts'
import { watchAppends } from './health/append-failures.ts'
import { warnOfLostEvents } from './health/lost-events.ts'
import { createMetrics } from './health/metrics.ts'
import { allowScraper } from './health/metrics-access.ts'
import { createReadiness } from './health/ready.ts'
import { healthRoutes, metricsRoute } from './health/route.ts'
import { createCompressor } from './http/compress.ts'
import { serverOf } from './http/server.ts'
import { erasingOf } from './jobs/erasing.ts'
import { jobsFor } from './jobs/jobs.ts'
import { startJobs } from './jobs/runner.ts'
import { scheduleOf } from './jobs/schedule.ts'
import { createScheduler } from './jobs/scheduler.ts'
import { type Drain, type DrainDeps, startDrain } from './journal/drain.ts'
import { openJournal } from './journal/journal.ts'
import type { Ledger } from './journal/ledger.ts'
import { describeRecovery } from './journal/recovery.ts'
import { type Clock, type Stopwatch, systemClock, systemStopwatch } from './lib/clock.ts'
import { randomId } from './lib/ids.ts'
import type { Log } from './lib/log.ts'
import { createRateLimitedLog } from './lib/rate-limited-log.ts'
import { sqliteFileOf } from './lib/sqlite-uri.ts'
import { isProcessGone, thisProcess } from './lib/this-process.ts'
import { answeredWithin } from './lib/with-timeout.ts'
import { agedBy, agingOf } from './privacy/aged-input.ts'
import { formsOfToken } from './privacy/flow-token.ts'
import { createStateSeal } from './privacy/sealed-state.ts'
import { openQueryWorker } from './query-worker/query-worker.ts'
import { QUESTIONS_OF_PEOPLE, QUESTIONS_OF_SCRIPTS, questionQueue } from './query-worker/question-queue.ts'
import type { AskReport } from './report/reports.ts'
import { flowKeysBy } from './rsa/flow-keys.ts'
import { openStore } from './store/open.ts'
import { SEGMENT_EVENTS } from './store/segment.ts'
import type { Store } from './store/store.ts'

export type App = {
  readonly store: Store
  /** Answers a request without a network. */
  handle(request: Request): Promise<Response>
  /** Resolves with the port; 0 takes a free one. Rejects, and stops, if the port is not available. */
  listen(port: number): Promise<number>
  ledger(): Promise<Ledger>
  /** Resolves when the store has everything from the journal. */
  settled(): Promise<void>
  /** Resolves when the numbers include everything that the store has. */
  rolledUp(): Promise<void>
  /** The numbers, as the API and the admin show them. */
  readonly report: AskReport
  /** The one-time link to the first account; undefined once there is one. */
  setupLink(base: string): Promise<string | undefined>
  /** Finishes the requests under way, drains the journal, closes everything. Idempotent. */
  stop(): Promise<void>
}

type AppOptions = {
  readonly log: Log
  readonly clock?: Clock
  /** Tells the age of answers of outside APIs; unlike a clock, it is never set back. */
  readonly uptime?: Stopwatch
  /** Instead of calling outside APIs. */
  readonly callApi?: CallApi
} & Pick<DrainDeps, 'wait'>

/** For each step of stopping, such as the requests under way, or the store. What is left stays in the journal. */
const STOP_TIMEOUT_MS = 5_000

const NOT_FORGOTTEN = 'events of somebody who was erased could not be taken out of memory and the quarantine'

/** Rejects with a sentence that names what could not be opened and the fix. */
export async function createApp(
  { file, config, flows: configured, references, takenFrom }: Loaded,
  { log, clock = systemClock, uptime = systemStopwatch, callApi, ...waiting }: AppOptions,
): Promise<App> {
  const flowKeys = await flowKeysBy(config.meta.rsa, await privateKeysOf(config), log)
  const pseudonymKey = (await readFile(config.privacy.key, 'utf8')).trim()
  let drain: Drain | undefined
  const journal = await openJournal({
    ...config.journal,
    onCommit: () => drain?.wake(),
    onRecovery: (recovery) => log.error(recovery, describeRecovery(recovery)),
  })
  // Replies need only the journal, so the start does not wait for a database that is away.
  const { uri } = config.store
  const onReachable = () => drain?.retry()
  const store = await openStore(uri, log, { isImpatient: true, onReachable }).catch((error: unknown) =>
    journal.close().then(() => Promise.reject(error)),
  )
  void warnOfLostEvents({ uri, store, journal, log })
  // Some of them are learned, and then known better with time.
  const flows = new Map(configured)
  const rules = rulebookOf({ config, flows })
  const aging = agingOf({ flows, hashAfterMs: config.privacy.hash_after, key: pseudonymKey })
  const archive = config.retention.archive === undefined ? undefined : openArchive(config.retention.archive)
  const erasure = createErasure({
    store,
    key: pseudonymKey,
    flows,
    journalFile: config.journal.file,
    archive,
    clock,
    onNew: (hashes) => void forgetErased(hashes).catch((error) => log.warn({ err: error }, NOT_FORGOTTEN)),
  })
  const { sift } = erasure
  const moving = startDrain({ journal, store, rules, aged: agedBy(aging, clock), sift, clock, log, ...waiting })
  drain = moving

  const { timezone } = config.server
  const gapMs = config.session.gap
  const stopwatch = systemStopwatch
  const queryWorker = openQueryWorker({
    storeUri: uri,
    config: { server: { timezone }, session: config.session },
    flows: new Map([...flows].map(([key, flow]) => [key, outlineOf(flow)])),
  })

  const incidents = createIncidentLog({ note: journal.note, clock, randomId })
  const schedule = scheduleOf({
    aging,
    ages: config.retention,
    archive: erasure.sifted,
    erasing: erasingOf(erasure, {
      backupsBefore: (at) => backupsBefore(config.backup.folder, at),
      batchEnded: moving.batchEnded,
      clock,
    }),
    store,
    rollups: queryWorker,
    rules,
    timezone,
    purgeJournal: journal.purge,
    clock,
    stopwatch,
    backup: { schedule: config.backup.schedule, run: (context) => backUpInProcess(file, context) },
  })
  const breaker = createCircuitBreaker(callApi ?? createApis({ fetch, clock, stopwatch, uptime }))
  const metrics = createMetrics({
    journal,
    flows,
    jobs: schedule.map(({ name }) => name),
    rsa: flowKeys.by,
    newestBackupAt: () => newestBackups(config.backup.folder, 1)[0]?.at,
    ...([...flows.values()].some(({ tap }) => tap) && { tapWaiting: () => observer.waiting() }),
    forwards: breaker.statesOf(flows.values()),
    clock,
  })
  const appends = watchAppends(journal.append, clock)
  const activity = createActivity(clock)
  const outsideLog = createRateLimitedLog(log, clock)
  const passwords = createPasswordQueue()
  const failedLogins = createFailedLogins({ audit: store.audit, clock })
  const scheduler = createScheduler({
    jobs: schedule,
    store,
    clock,
    me: thisProcess(),
    isGone: isProcessGone,
    log,
    onEnd: metrics.observeJob,
  })
  const sent = createSentOptions()
  const learning = createLearning({
    flows,
    configs: config.flows,
    wasSent: sent.has,
    store,
    now: clock,
    onLearned(flow) {
      Object.assign(rules.flows, rulebookOf({ config, flows }).flows)
      queryWorker.learn(flow.key, outlineOf(flow))
    },
  })
  const comparing = createComparing({ store, now: clock })
  const stateSeal = createStateSeal(pseudonymKey)
  const live = createLiveSessions({
    stored: storedSessions({ flows, store, journal, stateSeal, gapMs, clock }),
    // Of the other flows, nothing is lost by what another process answered on the same screen.
    isShared: (flow) => sqliteFileOf(uri) === undefined && flows.get(flow)?.eventsSuffice === false,
    gapMs,
    stopwatch,
  })
  const forgetErased = async (hashes: ReadonlySet<string>) => {
    await live.forget((flow, token) => erasure.hashes.namesOfToken(flow, token).some((name) => hashes.has(name)))
    await journal.eraseQuarantined((event) => erasure.tombstones.erasedBy(event) !== undefined)
  }

  const { evaluate, close: closeEvaluator } = createEvaluator()
  const trail = createTrailWriter({
    policy: { key: pseudonymKey, defaultText: config.privacy.default_text },
    sent,
    learning,
    activity,
    append: appends.append,
    log,
  })
  const opening = {
    keys: flowKeys.keys,
    onSignature: metrics.observeSignature,
    appSecrets: config.meta.signature === 'off' ? undefined : config.meta.app_secrets,
  }
  const answering = {
    ...opening,
    pseudonymKey,
    gapMs,
    repeatWindowMs: config.session.repeat_window,
    timezone,
    evaluate,
    callApi: breaker.callApi,
    live,
    takeTurn: createTurns(),
    activity,
    trail,
    incidents,
    metrics,
  }
  const observer = createObserver({ observe: createObserve({ ...answering, comparing }), metrics, log: outsideLog })
  const endpoint = createEndpoint({
    ...answering,
    flows,
    readBody: createBodyReader(),
    tap: createTap({ fetch, clock, stopwatch }),
    observer,
    stateSeal,
    clock,
    stopwatch,
    log,
  })
  const formsOf = (typed: string) => formsOfToken(typed, flows.values(), pseudonymKey)
  const waitingOf = (flow: string, token: string) => journal.newestEventsOf(flow, token, SEGMENT_EVENTS)
  const base = basePathOf(config.server)
  const compress = createCompressor()
  const adminDeps: AdminDeps = {
    store,
    ask: questionQueue(queryWorker.report, QUESTIONS_OF_PEOPLE),
    formsOfToken: formsOf,
    ledger: () => journal.ledger().catch(() => undefined),
    passwords,
    failedLogins,
    observeRefusal: metrics.observeRefusal,
    config,
    configFile: resolve(file),
    flowJsonOf: (flow) => flows.get(flow)?.flowJson,
    shownConfig: redact(config, references),
    secretPlaces: appSecretPlaces({ config, references }),
    signatures: metrics.signatures,
    // Below a path, links change after the page is made.
    compress: base === '' ? compress : async (_, response) => response,
    activity: activity.view,
    isSpared: breaker.isOpen,
    jobs: scheduler,
    backups: (job) => backupStatus({ file, config, takenFrom, store, job: job ?? {} }, clock()),
    erasure,
    waitingOf,
    // Not process.env.NODE_ENV, which the build of the binary replaces by "development".
    isDevelopment: Bun.env.NODE_ENV === 'development',
    clock,
    randomId,
    log: outsideLog,
  }
  const admin = createAdmin(adminDeps)
  const jobs = startJobs(
    jobsFor({
      runScheduled: scheduler.runDue,
      purgeJournal: journal.purge,
      forgetSilent: live.forgetSilent,
      removeExpiredSealed: async () => (await store.removeExpiredSealed(clock(), 1_000)) < 1_000,
      refresh: queryWorker.refresh,
      warmUp: admin.warmUp,
      summariseIncidents: () => incidents.summarise(),
      summariseLog: () => outsideLog.summarise(),
      summariseFailedLogins: () => failedLogins.summarise(),
      learnErased: () => erasure.tombstones.refresh(),
      syncLearned: learning.sync,
      syncCompared: comparing.sync,
    }),
    { stopwatch, log },
  )
  const server = serverOf(outsideLog, base, metrics.observeRefusal, compress)
    .get('/', () => new Response(null, { status: 302, headers: { location: '/admin/overview' } }))
    .use(endpointRoute(endpoint))
    .use(healthRoutes(createReadiness({ journal, store, appendFailure: appends.failure, clock, stopwatch })))
    .use(metricsRoute({ metrics, allow: allowScraper(config.server.metrics_token) }))
    .use(
      apiRoutes({
        config,
        ask: questionQueue(queryWorker.report, QUESTIONS_OF_SCRIPTS),
        formsOfToken: formsOf,
        auditedToken: erasure.auditedToken,
        person: {
          erasure,
          waitingOf,
          startErasing: (by) => scheduler.start('erase', by),
          lostAfterMs: config.session.lost_after,
        },
        clock,
        log: outsideLog,
      }),
    )
    .use(admin.routes)
  // Reads the static files before the first request.
  await server.modules
  await learning.syncSoon()

  const settled = async () => {
    await observer.settled()
    await learning.syncSoon()
    await comparing.sync()
    await journal.flush()
    await drain.settled()
  }
  let stopping: Promise<void> | undefined
  const stop = async () => {
    const jobsEnded = Promise.all([scheduler.stop(), jobs.stop()])
    await ended(Promise.resolve(server.server?.stop()))
    await server.server?.stop(true)
    await observer.end(STOP_TIMEOUT_MS)
    closeEvaluator()
    incidents.summarise(true)
    const summarised = failedLogins.summarise(true)
    await ended(summarised.catch((error) => log.warn({ err: error }, 'failed logins could not be summed up')))
    passwords.close()
    outsideLog.summarise(true)
    await ended(settled())
    await ended(flowKeys.close())
    await ended(queryWorker.close())
    await ended(jobsEnded)
    await drain.stop()
    await journal.close()
    await store.close()
  }
  const stopOnce = () => (stopping ??= stop())

  return {
    store,
    handle: (request) => server.handle(request),
    async listen(port) {
      try {
        server.listen(port)
        return server.server?.port as number
      } catch (error) {
        await stopOnce()
        throw new Error(
          `port ${port} cannot be listened on: ${(error as Error).message}. Choose another with --port or server.port`,
        )
      }
    },
    ledger: journal.ledger,
    settled,
    async rolledUp() {
      while ((await queryWorker.refresh()).isStale);
    },
    report: queryWorker.report,
    setupLink: (base) => setupLink(adminDeps, base),
    stop: stopOnce,
  }
}

/** Waits for the work to end, well or badly, up to the timeout. */
const ended = (work: Promise<unknown>): Promise<unknown> => answeredWithin(STOP_TIMEOUT_MS, work)
