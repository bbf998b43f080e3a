/** @jsxImportSource preact */
import type { ComponentChildren, JSX } from 'preact'

type TableProps = {
  /** For screen readers. */
  readonly caption: string
  readonly columns: readonly (string | { readonly label: string; readonly class: string })[]
  readonly class?: string
  /** Rows. */
  readonly children: ComponentChildren
}

export function Table({ caption, columns, class: more = '', children }: TableProps): JSX.Element {
  return (
    <div class="table-responsive">
      <table class={`table table-vcenter card-table ${more}`.trim()}>
        <caption class="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) =>
              typeof column === 'string' ? (
                <th scope="col">{column}</th>
              ) : (
                <th scope="col" class={column.class}>
                  {column.label}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  )
}
