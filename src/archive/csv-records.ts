// The events in a CSV that `export events` wrote.

import { type Options, parse } from 'csv-parse/sync'
import { undefused } from '../store/csv-injection.ts'
import { rowOfCells } from '../trail/import-row.ts'
import { type FileRecord, rowRecord } from './file-record.ts'
import type { Line } from './lines.ts'

/**
 * Records can have line ends in their cells, which stand in quotes then. Where a quote is missing, only the line that has too few
 * is given up: what follows is read as if it were not there.
 */
export async function* csvRecordsOf(header: string, rest: AsyncIterable<Line>): AsyncGenerator<FileRecord> {
  const columns = header.trimEnd().split(',')
  /** Lines that are no whole record yet. */
  let open: Line[] = []
  let quotes = 0

  function* complete(): Generator<FileRecord> {
    const [first] = open
    const record = first && recordOf(open, columns)
    if (record === undefined) return
    const again = record.ok ? [] : open.slice(1)
    open = []
    quotes = 0
    yield record
    for (const line of again) yield* take(line)
  }

  function* take(line: Line): Generator<FileRecord> {
    if (open.length === 0 && line.text?.trim() === '') return
    open.push(line)
    quotes += quotesIn(line.text ?? '')
    const isWhole = quotes % 2 === 0 || line.text === undefined
    if (isWhole || open.length > MOST_LINES) yield* complete()
  }

  for await (const line of rest) yield* take(line)
  while (open.length > 0) yield* complete()
}

/** More than the longest cells have, whose line ends people could choose. */
const MOST_LINES = 10_000

const quotesIn = (text: string): number => text.split('"').length - 1

function recordOf(lines: readonly Line[], columns: readonly string[]): FileRecord {
  const line = lines[0]?.number ?? 0
  if (lines.some(({ text }) => text === undefined))
    return { line, ok: false, reason: 'the line is no UTF-8, or is longer than 32 MB' }
  const text = lines.map(({ text }) => text).join('\n')
  return rowRecord(line, text.length, () => {
    const [cells, ...more] = parse(text, PARSING)
    if (cells?.length !== columns.length || more.length > 0)
      throw new Error(`there are ${cells?.length ?? 0} cells; the header has ${columns.length}`)
    return rowOfCells(Object.fromEntries(columns.map((column, index) => [column, undefused(cells[index] ?? '', ',')])))
  })
}

const PARSING = { record_delimiter: ['\r\n', '\r', '\n'], relax_column_count: true } satisfies Options
