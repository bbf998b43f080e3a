/** @jsxImportSource preact */
import type { JSX } from 'preact'
import { ENDINGS, type Filters } from '../../src/admin/session-filters.ts'

/** What the lists offer. */
export type FilterChoices = { readonly flows: readonly string[]; readonly exits: readonly string[] }

type FilterFormProps = { readonly filters: Filters; readonly choices: FilterChoices }

/** Works as a plain form; with htmx the results below change while one types. */
export function FilterForm({ filters, choices }: FilterFormProps): JSX.Element {
  return (
    <form
      class="card-body filters"
      method="get"
      action="/admin/sessions"
      aria-label="Filter sessions"
      hx-get="/admin/sessions"
      hx-target="#results"
      hx-trigger="submit, input delay:250ms"
      hx-sync="this:replace"
    >
      <Choice name="flow" label="Flow" any="All flows" value={filters.flow} options={choices.flows} />
      <Choice name="ending" label="Ending" any="Any ending" value={filters.ending} options={ENDINGS} />
      <Choice name="exit" label="Last screen" any="Any screen" value={filters.exit} options={choices.exits} />
      <div class="filter filter-token">
        <label for="token">Flow token</label>
        <input
          class="form-control form-control-sm"
          type="search"
          id="token"
          name="token"
          value={filters.token}
          placeholder="Whole token"
          autoComplete="off"
          spellcheck={false}
        />
      </div>
      <Day name="from" label="From" value={filters.from} />
      <Day name="until" label="Until" value={filters.until} />
      <div class="filter-actions">
        <button class="btn btn-sm" type="submit">
          Filter
        </button>
        <a class="btn btn-sm btn-ghost-secondary" href="/admin/sessions">
          Clear
        </a>
      </div>
    </form>
  )
}

type ChoiceProps = {
  readonly name: string
  readonly label: string
  readonly any: string
  readonly value: string
  readonly options: readonly string[]
}

/** A value that is not among the options stays chosen: what is in the address bar is what is shown. */
function Choice({ name, label, any, value, options }: ChoiceProps): JSX.Element {
  const offered = value === '' || options.includes(value) ? options : [value, ...options]
  return (
    <div class="filter">
      <label for={name}>{label}</label>
      <select class="form-select form-select-sm" id={name} name={name}>
        <option value="">{any}</option>
        {offered.map((option) => (
          <option value={option} selected={option === value}>
            {option}
          </option>
        ))}
      </select>
    </div>
  )
}

function Day({
  name,
  label,
  value,
}: {
  readonly name: string
  readonly label: string
  readonly value: string
}): JSX.Element {
  return (
    <div class="filter">
      <label for={name}>{label}</label>
      <input class="form-control form-control-sm" type="date" id={name} name={name} value={value} />
    </div>
  )
}
