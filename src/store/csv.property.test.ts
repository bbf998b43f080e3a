// Whatever stands in a cell, and whatever separator a program takes: no cell begins as a formula, and the right one gives it back.

import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { readCsv } from '../../test/read-csv.ts'
import type { Json } from '../lib/json.ts'
import { type CsvStyle, csvHeader, csvRows, FOR_EXCEL, PLAIN } from './csv.ts'
import { undefused } from './csv-injection.ts'

const COLUMNS = ['id', 'text', 'json', 'number', 'last'] as const

const STYLES = [
  ['plain', PLAIN],
  ['for Excel', FOR_EXCEL],
] satisfies [string, CsvStyle][]

const SEPARATORS = [',', ';', '\t', '|', ',;', ',;\t|'] as const

/** What a person may type who means no good, often; any text, sometimes. */
const anyText = fc.oneof(
  fc
    .array(fc.constantFrom(...'=+-@＝＋－＠﹢⁼−,;\t|\n\r"\' \u00a0\ufeff\u200b\u2800\0\u2028a1('), { maxLength: 12 })
    .map((it) => it.join('')),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
)

const anyRow = fc.record({
  id: fc.constant('id'),
  text: anyText,
  json: fc.dictionary(anyText, fc.oneof(anyText, fc.integer())),
  number: fc.integer({ min: 0 }),
  last: anyText,
})

const isFormula = (cell: string): boolean =>
  /^[\p{White_Space}\p{Cf}\p{Cc}\p{Default_Ignorable_Code_Point}\u2800]*[=+\-@＝＋－＠]/u.test(cell)

const fileOf = (rows: readonly { readonly [column: string]: Json }[], style: CsvStyle) =>
  csvHeader(COLUMNS, style) + csvRows(rows, COLUMNS, style)

test.each(STYLES)('%s: no cell begins as a formula, whatever separates cells', (_, style) => {
  fc.assert(
    fc.property(fc.array(anyRow, { maxLength: 3 }), fc.constantFrom(...SEPARATORS), (rows, separators) => {
      const file = fileOf(rows, style)
      for (const cell of readCsv(file, separators).flat()) expect([cell, isFormula(cell)]).toEqual([cell, false])
      // Nor for a program that knows no quotes.
      for (const cell of withoutQuotes(file, style.separator, separators))
        expect([cell, isFormula(cell)]).toEqual([cell, false])
    }),
    { numRuns: 2_000 },
  )
})

/** The pieces between other separators than the file's own; its own stand within quotes. */
function withoutQuotes(file: string, own: string, separators: string): string[] {
  const others = [...separators, '\n', '\r'].filter((separator) => separator !== own)
  return file.replaceAll('"', '').split(new RegExp(`[${others.join('')}]`))
}

test.each(STYLES)('%s: its own separator gives each text back, but for apostrophes', (_, style) => {
  fc.assert(
    fc.property(fc.array(anyRow, { maxLength: 3 }), (rows) => {
      const [header, ...read] = readCsv(fileOf(rows, style).replace(/^\uFEFF/, ''), style.separator)
      expect(header).toEqual([...COLUMNS])
      const bare = (text: string) => text.replaceAll("'", '')
      expect(read.map((row) => row.map(bare))).toEqual(
        rows.map((row) => [row.id, bare(row.text), bare(JSON.stringify(row.json)), String(row.number), bare(row.last)]),
      )
    }),
    { numRuns: 2_000 },
  )
})

test.each(STYLES)(
  '%s: each text can be had back to the letter, also one that had apostrophes before a formula',
  (_, style) => {
    const own = style.separator
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 3 }), (rows) => {
        const [, ...read] = readCsv(fileOf(rows, style).replace(/^\uFEFF/, ''), own)
        expect(read.map((cells) => cells.map((cell) => undefused(cell, own)))).toEqual(
          rows.map((row) => [row.id, row.text, JSON.stringify(row.json), String(row.number), row.last]),
        )
      }),
      { numRuns: 5_000 },
    )
  },
)

test.each(STYLES)('%s: a text without other separators gets one apostrophe at its beginning, or none', (_, style) => {
  fc.assert(
    fc.property(anyText, (text) => {
      fc.pre(!/[,;|\p{Cc}\u2028\u2029]/u.test(text))
      const cell = readCsv(csvRows([{ id: 'id', text, last: '.' }], COLUMNS, style), style.separator)[0]?.[1]
      expect([text, `'${text}`]).toContain(cell ?? '')
    }),
  )
})

test.each([
  [PLAIN, -5, '-5'],
  [PLAIN, 4.25, '4.25'],
  [FOR_EXCEL, -5, '-5'],
  [FOR_EXCEL, 4.25, '4'],
  [FOR_EXCEL, 1234.5, '1235'],
] satisfies [CsvStyle, number, string][])('%j: the number %d stays a number, %s', (style, number, cell) => {
  expect(csvRows([{ number }], ['number'], style)).toBe(`${cell}\r\n`)
})
