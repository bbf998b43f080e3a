/** @jsxImportSource preact */

import { Layout, type PageProps } from '../layout.tsx'
import { whole } from '../numbers.ts'
import { Card, withNote } from '../parts/card.tsx'
import { Field } from '../parts/field.tsx'
import { Problem } from '../parts/problem.tsx'
import { Table } from '../parts/table.tsx'
import { type LocalTime, Time } from '../parts/time.tsx'

export type PersonCardView = {
  readonly flows: readonly string[]
  /** The newest first. */
  readonly erasures: readonly ErasureView[]
  readonly problem?: string
}

export type ErasureView = {
  /** A keyed hash. */
  readonly id: string
  readonly at: LocalTime
  readonly by: string
  /** What became of it; absent while it is under way. */
  readonly text?: string
}

/** On the page Data: whose data is meant. */
export function PersonCard({ flows, erasures, problem }: PersonCardView) {
  return (
    <Card id="person" heading={withNote('One person', 'hand out or erase everything that there is of them')}>
      <form class="card-body" method="post" action="/admin/data/person" hx-boost="false" autocomplete="off">
        <Problem text={problem} />
        <fieldset class="mb-3">
          <legend class="form-label">What you know of them</legend>
          {KINDS.map(({ value, label }, index) => (
            <label class="form-check">
              <input class="form-check-input" type="radio" name="by" value={value} checked={index === 0} />
              <span class="form-check-label">{label}</span>
            </label>
          ))}
        </fieldset>
        <Field name="person-text" label="The value, pseudonym or token">
          <input class="form-control" id="person-text" name="text" required maxLength={4096} spellcheck={false} />
        </Field>
        <Field name="person-flow" label="Flow">
          <select class="form-select" id="person-flow" name="flow">
            <option value="">All flows</option>
            {flows.map((flow) => (
              <option value={flow}>{flow}</option>
            ))}
          </select>
        </Field>
        <button class="btn btn-primary" type="submit">
          Look for it
        </button>
        <p class="text-secondary mt-2">
          Nothing is erased yet. What you type is hashed, and neither stored nor logged.
        </p>
      </form>
      {erasures.length > 0 && <Erasures erasures={erasures} />}
    </Card>
  )
}

const KINDS = [
  { value: 'value', label: 'what they typed, such as a phone number or an e-mail address' },
  { value: 'pseudonym', label: 'a pseudonym, as h:…' },
  { value: 'token', label: 'a flow token' },
] as const

const Erasures = ({ erasures }: Pick<PersonCardView, 'erasures'>) => (
  <Table
    caption="Who was erased"
    columns={['Person', 'Up to', 'By', { label: 'How it ended', cells: 'job-does' }]}
    rows={erasures.map(({ id, at, by, text = 'under way; if not, at 27 minutes past the hour' }) => [
      id.slice(0, 12),
      <Time time={at} />,
      by,
      text,
    ])}
    isListOnPhone
  />
)

export type PersonView = {
  /** Whom the forms below are about, without what was typed. */
  readonly person: string
  readonly sessions: number
  readonly isNothing: boolean
  /** Sentences. */
  readonly found: readonly string[]
  /** What an erasure promises for later. */
  readonly later: string
  readonly problem?: string
}

/** What there is, and what can be done with it. */
export function PersonPage({ account, view }: PageProps<PersonView>) {
  const { person, sessions, isNothing, found, later, problem } = view
  return (
    <Layout title="One person" account={account} area="data">
      <h1 class="page-heading">One person</h1>
      <Problem text={problem} />
      {found.map((sentence) => (
        <p>{sentence}</p>
      ))}
      {!isNothing && (
        <Card id="hand-out" heading="Hand it out" isNarrow>
          <form class="card-body" method="post" action="/admin/data/person/export" hx-boost="false">
            <input type="hidden" name="person" value={person} />
            <button class="btn btn-primary" type="submit">
              Download as JSON
            </button>
          </form>
        </Card>
      )}
      <Card id="erase" heading="Erase it" isNarrow>
        <form class="card-body" method="post" action="/admin/data/person/erase" hx-boost="false" autocomplete="off">
          <input type="hidden" name="person" value={person} />
          <p>It cannot be undone. {later}</p>
          <Field name="erase-sessions" label={`Type the number of sessions above (${whole(sessions)}) to erase them`}>
            <input class="form-control" id="erase-sessions" name="sessions" inputMode="numeric" required />
          </Field>
          <button class="btn btn-outline-danger" type="submit">
            Erase
          </button>{' '}
          <a class="btn" href="/admin/data">
            Back
          </a>
        </form>
      </Card>
    </Layout>
  )
}
