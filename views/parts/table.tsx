/** @jsxImportSource preact */
import { type ComponentChildren, cloneElement, type JSX, toChildArray, type VNode } from 'preact'

/** `title`: what is shown when it is pointed at. */
type Column = { readonly label: string; readonly class?: string; readonly title?: string | undefined }

type TableProps = {
  /** For screen readers. */
  readonly caption: string
  readonly columns: readonly (string | Column)[]
  readonly class?: string
  /** On a phone each row is a list of its cells, each with the name of its column. */
  readonly isListOnPhone?: true
  /** Rows. */
  readonly children: ComponentChildren
}

export function Table({ caption, columns, class: more = '', isListOnPhone, children }: TableProps): JSX.Element {
  const labels = columns.map((column) => (typeof column === 'string' ? column : column.label))
  return (
    <div class="table-responsive">
      <table class={`table table-vcenter card-table ${isListOnPhone ? 'list-table ' : ''}${more}`.trim()}>
        <caption class="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) =>
              typeof column === 'string' ? (
                <th scope="col">{column}</th>
              ) : (
                <th scope="col" class={column.class} title={column.title}>
                  {column.label}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>{isListOnPhone ? withLabels(children, labels) : children}</tbody>
      </table>
    </div>
  )
}

/** The style sheet shows the name of a cell's column from the attribute. */
const withLabels = (rows: ComponentChildren, labels: readonly string[]) =>
  (toChildArray(rows) as VNode<RowProps>[]).map((row) => {
    const cells = toChildArray(row.props.children) as VNode[]
    return cloneElement(
      row,
      {},
      cells.map((cell, index) => cloneElement(cell, { 'data-label': labels[index] })),
    )
  })

type RowProps = { readonly children: ComponentChildren }
