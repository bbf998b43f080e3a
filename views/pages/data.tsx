/** @jsxImportSource preact */

import { Layout, type PageProps } from '../layout.tsx'
import { whole } from '../numbers.ts'
import { Backups, type BackupsView } from '../parts/backups.tsx'
import { Card, withNote } from '../parts/card.tsx'
import { Exports, type ExportView } from '../parts/exports.tsx'
import { type Fact, Facts } from '../parts/facts.tsx'
import { Problem } from '../parts/problem.tsx'
import { numeric, Table } from '../parts/table.tsx'
import { type LocalTime, Time } from '../parts/time.tsx'
import { PersonCard, type PersonCardView } from './data-person.tsx'

export type DataPageView = {
  readonly jobs: readonly JobView[]
  /** Newest first. */
  readonly exports: readonly ExportView[]
  readonly backups: BackupsView
  /** On disk, at this moment. */
  readonly sizes: readonly Fact[]
  /** What is kept, and for how long. */
  readonly kept: readonly Fact[]
  readonly person: PersonCardView
  /** Why a job could not be started. */
  readonly problem?: string
}

export type JobView = {
  readonly name: string
  readonly does: string
  readonly next?: LocalTime
  /** Of the last run, or of the one under way. */
  readonly startedAt?: LocalTime
  readonly took?: string
  readonly outcome: JobOutcome
  /** What was done, or why it failed. */
  readonly text?: string
  readonly rows?: number
  readonly by?: string
  /** Of the run under way, from 0 to 1. */
  readonly share?: number
}

export type JobOutcome = 'never' | 'running' | 'ok' | 'failed' | 'stopped' | 'killed'

export function DataPage({ account, view }: PageProps<DataPageView>) {
  return (
    <Layout title="Data" account={account} area="data">
      <h1 class="page-heading">Data</h1>
      <Problem text={view.problem} />
      <Jobs jobs={view.jobs} />
      <Backups {...view.backups} />
      <Exports exports={view.exports} />
      <Card id="kept" heading={withNote('What is kept, and for how long', 'by the config')}>
        <div class="card-body">
          <Facts facts={view.kept} />
        </div>
      </Card>
      <Card id="sizes" heading={withNote('Room on disk', 'now')}>
        <div class="card-body">
          <Facts facts={view.sizes} />
        </div>
      </Card>
      <PersonCard {...view.person} />
    </Layout>
  )
}

/** What changes. */
export function Jobs({ jobs }: Pick<DataPageView, 'jobs'>) {
  return (
    <div id="jobs" hx-get="/admin/data" hx-trigger="tick" hx-swap="outerMorph" data-every="2">
      <Card id="jobs-title" heading={withNote('Jobs', 'what is done by the clock')}>
        <Table
          caption="Jobs"
          columns={['Job', 'Next run', 'Last run', 'How it ended', numeric('Rows'), 'Run']}
          rows={jobs.map((job) => [
            <>
              {job.name}
              <div class="job-does">{job.does}</div>
            </>,
            job.next ? <Time time={job.next} /> : 'never',
            <>
              {job.startedAt ? <Time time={job.startedAt} /> : 'never'}
              {job.by !== undefined && <div class="job-by">{`by ${job.by}`}</div>}
            </>,
            <Outcome {...job} />,
            job.rows === undefined ? '' : whole(job.rows),
            <form method="post" action="/admin/data/run">
              <input type="hidden" name="job" value={job.name} />
              <button class="btn btn-sm" type="submit" disabled={job.outcome === 'running'}>
                Run now
              </button>
            </form>,
          ])}
          isListOnPhone
        />
      </Card>
    </div>
  )
}

function Outcome({ name, outcome, text, took, share = 0 }: JobView) {
  return (
    <div>
      {outcome === 'running' ? (
        <progress class="job-progress" value={share} max={1} aria-label={`Progress of ${name}`}>
          {Math.floor(share * 100)} %
        </progress>
      ) : (
        <span class={isBad(outcome) ? 'is-bad' : ''}>{OUTCOMES[outcome]}</span>
      )}
      {took !== undefined && ` in ${took}`}
      {text !== undefined && text !== '' && <div class="job-does">{text}</div>}
    </div>
  )
}

const isBad = (outcome: JobOutcome): boolean => outcome === 'failed' || outcome === 'killed'

const OUTCOMES: { readonly [outcome in Exclude<JobOutcome, 'running'>]: string } = {
  never: 'has not run yet',
  ok: 'done',
  failed: 'failed',
  stopped: 'stopped',
  killed: 'did not end: its process was killed',
}
