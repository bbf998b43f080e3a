/** @jsxImportSource preact */
import type { ComponentChildren } from 'preact'

type Column = {
  readonly label: string
  readonly class?: string
  /** The class of its cells, where it is another. */
  readonly cells?: string | ((cell: ComponentChildren) => string)
  /** What is shown when it is pointed at. */
  readonly title?: string | undefined
}

type TableProps = {
  /** For screen readers. */
  readonly caption: string
  readonly columns: readonly (string | Column)[]
  /** How many columns say what the others are about: one, if absent. */
  readonly names?: number
  readonly rows: readonly (readonly ComponentChildren[])[]
  readonly class?: string
  /** On a phone each row is a list of its cells, each with the name of its column, which the style sheet takes from the attribute. */
  readonly isListOnPhone?: true
}

export function Table({ caption, columns, names = 1, rows, class: more = '', isListOnPhone }: TableProps) {
  const all = columns.map((column): Column => (typeof column === 'string' ? { label: column } : column))
  return (
    <div class="table-responsive">
      <table class={`table table-vcenter card-table ${isListOnPhone ? 'list-table ' : ''}${more}`.trim()}>
        <caption class="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {all.map((column) => (
              <th scope="col" class={column.class} title={column.title}>
                {column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((cells) => (
            <tr>
              {cells.map((cell, index) => {
                const column = all[index]
                const label = isListOnPhone && { 'data-label': column?.label }
                return index < names ? (
                  <th scope="row" {...label}>
                    {cell}
                  </th>
                ) : (
                  <td class={classOf(cell, column)} {...label}>
                    {cell}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const classOf = (cell: ComponentChildren, column: Column | undefined): string | undefined => {
  const { cells = column?.class } = column ?? {}
  return typeof cells === 'function' ? cells(cell) : cells
}

export const numeric = (label: string): Column => ({ label, class: 'number' })
export const wideOnly = (label: string): Column => ({ label, class: 'wide-only' })
export const detail = (label: string): Column => ({ label, cells: 'detail' })
