/** @jsxImportSource preact */
import { type LinkedNumber, NumberOf, RateText, type RateView } from './rate.tsx'
import type { ScreenNameView } from './screen-name.tsx'
import { numeric, Table } from './table.tsx'

/** The funnel of each group: by version, weekday, hour, or what people chose. */
export type BreakdownView = {
  readonly options: readonly { readonly value: string; readonly label: string; readonly isCurrent: boolean }[]
  /** What the form has to keep. */
  readonly hidden: readonly (readonly [name: string, value: string])[]
  readonly steps: readonly ScreenNameView[]
  readonly groups: readonly BreakdownGroup[]
  /** Whether some sessions are in several groups. */
  readonly isOverlapping: boolean
}

export type BreakdownGroup = {
  readonly name: string
  /** The page of this group only. */
  readonly href?: string
  readonly sessions: LinkedNumber
  readonly completion: RateView
  /** Those lost at each step. */
  readonly lost: readonly RateView[]
}

export function Breakdown({ view }: { readonly view: BreakdownView }) {
  const { options, hidden, steps, groups, isOverlapping } = view
  const columns = [
    'Group',
    numeric('Sessions'),
    'Completed',
    ...steps.map(({ id, name }) => ({ label: `Lost at ${name}`, title: name === id ? undefined : id })),
  ]
  return (
    <>
      <form class="card-body by-form" method="get" aria-label="Break down by">
        {hidden.map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        <label for="by">By</label>
        <select class="form-select form-select-sm" id="by" name="by">
          {options.map(({ value, label, isCurrent }) => (
            <option value={value} selected={isCurrent}>
              {label}
            </option>
          ))}
        </select>
        <button class="btn btn-sm" type="submit">
          Show
        </button>
      </form>
      <Table
        caption="The funnel of each group"
        columns={columns}
        rows={groups.map((group) => [
          group.href ? <a href={group.href}>{group.name}</a> : group.name,
          <NumberOf {...group.sessions} />,
          <RateText rate={group.completion} />,
          ...group.lost.map((lost) => <RateText rate={lost} isShort />),
        ])}
        class="breakdown-table"
        isListOnPhone
      />
      {isOverlapping && (
        <p class="card-footer text-secondary">
          Who chose several options is in the group of each, so the groups add up to more than all.
        </p>
      )}
    </>
  )
}
