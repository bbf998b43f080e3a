// The two CSV files: a plain one, and one that Excel opens with a double click where lists are written with semicolons.

import { stringify } from 'csv-stringify/sync'
import type { Row } from '../trail/export-columns.ts'
import { defused, LINE_ENDS, type Separator } from './csv-injection.ts'

/** Both are RFC 4180 in UTF-8, with CRLF. */
export type CsvStyle = {
  readonly separator: Separator
  /** Excel takes a file without one for the code page of its country. */
  readonly hasByteOrderMark: boolean
  /** Where a comma separates decimals, Excel reads 4.25 as the 25th of April. */
  readonly hasWholeNumbers: boolean
}

export const PLAIN: CsvStyle = { separator: ',', hasByteOrderMark: false, hasWholeNumbers: false }
export const FOR_EXCEL: CsvStyle = { separator: ';', hasByteOrderMark: true, hasWholeNumbers: true }

export const csvHeader = (columns: readonly string[], style: CsvStyle): string =>
  `${style.hasByteOrderMark ? '\uFEFF' : ''}${lines([], columns, style, true)}`

export const csvRows = (rows: readonly Row[], columns: readonly string[], style: CsvStyle): string =>
  lines(rows, columns, style, false)

function lines(rows: readonly Row[], columns: readonly string[], style: CsvStyle, header: boolean): string {
  const { separator, hasWholeNumbers } = style
  return stringify([...rows], {
    columns,
    header,
    delimiter: separator,
    record_delimiter: 'windows',
    quoted_match: SPLIT_SOMEWHERE,
    cast: {
      string: (text) => defused(text, separator),
      object: (value) => defused(JSON.stringify(value), separator),
      number: (number) => String(hasWholeNumbers ? Math.round(number) : number),
    },
  })
}

/** Cells that some program would split, whatever separator it takes; they stand in quotes. */
const SPLIT_SOMEWHERE = new RegExp(`[,;\\t|"${LINE_ENDS}]`)
