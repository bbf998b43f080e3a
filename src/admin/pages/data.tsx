/** @jsxImportSource preact */
import { z } from 'zod'
import { DataPage, type DataPageView, Jobs, type JobView } from '../../../views/pages/data.tsx'
import type { Config } from '../../config/schema.ts'
import { fragment, page, redirect, wantsFragment } from '../../http/html-response.ts'
import { outcomeOf } from '../../jobs/outcome.ts'
import { BACKUP_JOB } from '../../jobs/schedule.ts'
import type { JobState } from '../../jobs/scheduler.ts'
import { own } from '../../lib/json.ts'
import { showDuration } from '../../lib/units.ts'
import { newestExports } from '../../store/export-records.ts'
import { readForm } from '../auth/read-form.ts'
import { backupsView, exportView, sizesOf } from '../data-views.ts'
import { pageAccount } from '../preferences.ts'
import type { AccountRequest, PageDeps } from '../request.ts'
import { personCardOf } from './data-person.tsx'

export async function getDataPage(deps: PageDeps, { request, user, url }: AccountRequest): Promise<Response> {
  const states = await deps.jobs.list()
  const jobs = states.map((state) => viewOf(state, deps))
  if (wantsFragment(request)) return fragment(<Jobs jobs={jobs} />)
  const { config, localTime } = deps
  const [status, exports, sizes] = await Promise.all([
    deps.backups(states.find(({ name }) => name === BACKUP_JOB)),
    newestExports(deps.store, deps.clock()),
    sizesOf(deps),
  ])
  const refusal = own(REFUSALS, url.searchParams.get('refused') ?? '')
  const person = await personCardOf(deps, url.searchParams.get('person'))
  const view: DataPageView = {
    jobs,
    backups: backupsView(status, deps),
    exports: exports.map((record) => exportView(record, localTime)),
    kept: keptBy(config),
    sizes,
    person,
    ...(refusal !== undefined && { problem: refusal }),
  }
  return page(<DataPage account={pageAccount(user)} view={view} />)
}

/** Answers at once: the page shows the progress. */
export async function runJobNow(deps: PageDeps, { request, user, ip }: AccountRequest): Promise<Response> {
  const form = await readForm(request, runForm)
  if (!form.ok) return redirect(request, '/admin/data?refused=unknown')
  const { job } = form.values
  const started = await deps.jobs.start(job, user.name)
  if (!started.ok) return redirect(request, `/admin/data?refused=${started.reason}`)
  await deps.store.audit({ at: deps.clock(), who: user.name, what: 'job_run', detail: `${job}, from ${ip}` })
  return redirect(request, '/admin/data')
}

const runForm = z.object({ job: z.string().max(100) })

const REFUSALS: { readonly [reason: string]: string } = {
  running: 'The job is running already, here or in another process. Its progress is below.',
  stopping: 'The server is stopping, and starts no job any more. Try again when it is up.',
  unknown: 'There is no such job. Choose one of those below.',
}

function viewOf(state: JobState, { localTime, clock }: PageDeps): JobView {
  const { name, does, nextAt, lastRun, progress } = state
  const outcome = outcomeOf(state)
  const isRunning = outcome === 'running'
  const endedAt = isRunning ? clock() : lastRun?.endedAt
  const text = isRunning ? progress?.text : lastRun?.text
  const rows = isRunning ? progress?.rows : lastRun?.rows
  return {
    name,
    does,
    outcome,
    ...(nextAt !== undefined && { next: localTime.minute(nextAt) }),
    ...(lastRun && { startedAt: localTime.second(lastRun.startedAt), by: lastRun.by }),
    ...(lastRun && endedAt !== undefined && { took: showDuration(Math.max(0, endedAt - lastRun.startedAt)) }),
    ...(text !== undefined && { text }),
    ...(rows !== undefined && { rows }),
    ...(isRunning && progress && { share: progress.share }),
  }
}

const keptBy = ({ retention, backup, privacy, flows }: Config): DataPageView['kept'] => {
  const forEver = 'for ever'
  const age = (ms: number | undefined) => (ms === undefined ? forEver : showDuration(ms))
  const fields = Object.values(flows).flatMap(({ screens }) =>
    Object.values(screens).flatMap((screen) => Object.values(screen.fields)),
  )
  const own = fields.filter(({ hash_after }) => hash_after !== undefined).length
  return [
    { label: 'Events, raw', value: age(retention.events) },
    { label: 'Sessions, raw', value: age(retention.sessions) },
    { label: 'Numbers, added up by the hour', value: age(retention.rollups) },
    {
      label: 'Archive of events that were removed',
      value: retention.archive === undefined ? 'there is none' : forEver,
    },
    { label: 'Backups', value: `the newest ${backup.keep}` },
    { label: 'Accounts and audit log', value: forEver },
    {
      label: 'Values that are kept become pseudonyms after',
      value: privacy.hash_after === undefined ? 'never' : showDuration(privacy.hash_after),
    },
    { label: 'Fields with a time of their own', value: String(own) },
  ]
}
