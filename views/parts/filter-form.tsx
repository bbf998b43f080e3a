/** @jsxImportSource preact */
import type { VNode } from 'preact'
import { nameWithId, type ScreenNameView } from './screen-name.tsx'

/** The form's fields; an empty text does not filter. Days are `2026-11-22`, both included. */
export type FilterValues = {
  readonly flow: string
  readonly ending: string
  readonly exit: string
  readonly token: string
  readonly from: string
  readonly until: string
}

/** The options of each list. */
export type FilterOptions = {
  readonly flows: readonly string[]
  readonly endings: readonly string[]
  readonly exits: readonly ScreenNameView[]
}

type FilterFormProps = {
  readonly filters: FilterValues
  /** Sent along unchanged. */
  readonly hidden: readonly (readonly [name: string, value: string])[]
  readonly options: FilterOptions
}

/** Works as a plain form; with htmx, the results below update while the person types. */
export function FilterForm({ filters, hidden, options }: FilterFormProps) {
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
      {hidden.map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      <Select name="flow" label="Flow" any="All flows" value={filters.flow} options={options.flows.map(asIs)} />
      <Select
        name="ending"
        label="Ending"
        any="Any ending"
        value={filters.ending}
        options={options.endings.map(asIs)}
      />
      <Select
        name="exit"
        label="Last screen"
        any="Any screen"
        value={filters.exit}
        options={options.exits.map(screenOption)}
      />
      <Filter name="token" label="Flow token">
        <input
          {...inputOf('token', filters)}
          type="search"
          placeholder="Whole token"
          autoComplete="off"
          spellcheck={false}
        />
      </Filter>
      <Filter name="from" label="From">
        <input {...inputOf('from', filters)} type="date" />
      </Filter>
      <Filter name="until" label="Until">
        <input {...inputOf('until', filters)} type="date" />
      </Filter>
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

type SelectProps = {
  readonly name: string
  readonly label: string
  /** The option that does not filter. */
  readonly any: string
  readonly value: string
  readonly options: readonly Option[]
}

type Option = { readonly value: string; readonly text: string }

const asIs = (value: string): Option => ({ value, text: value })
const screenOption = (screen: ScreenNameView): Option => ({ value: screen.id, text: nameWithId(screen) })

/** Also offers a selected value that is not among the options, so the form always shows what the address bar says. */
function Select({ name, label, any, value, options }: SelectProps) {
  const isOffered = value === '' || options.some((option) => option.value === value)
  const allOptions = isOffered ? options : [asIs(value), ...options]
  return (
    <Filter name={name} label={label}>
      <select class="form-select form-select-sm" id={name} name={name}>
        <option value="">{any}</option>
        {allOptions.map((option) => (
          <option value={option.value} selected={option.value === value}>
            {option.text}
          </option>
        ))}
      </select>
    </Filter>
  )
}

type FilterProps = { readonly name: string; readonly label: string; readonly children: VNode }

const Filter = ({ name, label, children }: FilterProps) => (
  <div class="filter">
    <label for={name}>{label}</label>
    {children}
  </div>
)

const inputOf = (name: keyof FilterValues, filters: FilterValues) => ({
  class: 'form-control form-control-sm',
  id: name,
  name,
  value: filters[name],
})
