import { afterEach, beforeEach, expect, test } from 'bun:test'
import { type Admin, bookedTrail, lostTrail, openAdmin } from '../../test/admin-kit.ts'
import { eventOf, START } from '../../test/arbitrary-events.ts'
import { EVENT_COLUMNS } from '../trail/export-columns.ts'
import { type ExportFormat, type ExportQuery, type ExportWhat, exportRows } from './export.ts'

let admin: Admin
beforeEach(async () => {
  admin = await openAdmin()
})
afterEach(() => admin.close())

const HOUR = 3_600_000

async function chunksOf(what: ExportWhat, format: ExportFormat, query: ExportQuery = {}): Promise<string[]> {
  return Array.fromAsync(exportRows(admin.store, what, format, query, admin.time.now, 24 * HOUR))
}

const csvOf = async (what: ExportWhat, query: ExportQuery = {}) => (await chunksOf(what, 'csv', query)).join('')

const rowsOf = async (what: ExportWhat, query: ExportQuery = {}): Promise<Record<string, unknown>[]> =>
  (await chunksOf(what, 'ndjson', query))
    .join('')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))

test('an empty store gives a header and nothing else', async () => {
  expect(await csvOf('events')).toBe(`${EVENT_COLUMNS.join(',')}\r\n`)
  expect(await chunksOf('events', 'ndjson')).toEqual([])
})

test.each([
  ['=1+1', "'=1+1"],
  ['+351912', "'+351912"],
  ['-2', "'-2"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\tx', `"'\tx"`],
  [' =1+1', "' =1+1"],
  ['\u00a0-2', "'\u00a0-2"],
  ['\ufeff\u200b@SUM(A1)', "'\ufeff\u200b@SUM(A1)"],
  ['＝1+1', "'＝1+1"],
  ['\n=1', `"'\n'=1"`],
  ['a;=1', `"a;'=1"`],
  ['a;"=1', `"a;""'=1"`],
  ['a, -1', '"a, -1"'],
  ['a|b', '"a|b"'],
  ['plain', 'plain'],
  ['a,b', '"a,b"'],
  ['say "hi"', '"say ""hi"""'],
  ['two\nlines', '"two\nlines"'],
  ['two\rlines', '"two\rlines"'],
  ['=HYPERLINK("x","y")', '"\'=HYPERLINK(""x"",""y"")"'],
  ['żółć 🦊', 'żółć 🦊'],
])('a token %j stands in the CSV as %j, and as it is in NDJSON', async (token, cell) => {
  await admin.seed([eventOf({ token })])
  expect(await csvOf('events')).toContain(`,${cell},`)
  expect((await rowsOf('events'))[0]?.flow_token).toBe(token)
})

test('for Excel it has a byte order mark, semicolons, and numbers that no country takes for dates', async () => {
  await admin.seed([eventOf({ token: 'a, -1', input: { note: '=1', count: -2 }, processingMs: 4.25, upstreamMs: 0 })])
  const chunks = await chunksOf('events', 'excel')
  expect(chunks[0]).toBe(`\uFEFF${EVENT_COLUMNS.join(';')}\r\n`)
  expect(chunks[1]).toContain(`;"a, '-1";`)
  expect(chunks[1]).toContain(`;"{""note"":""=1"",""count"":-2}";;;;;4;0;612;480;2026-03-02T09:00:00.000Z;;`)
})

test('each event knows its session, also where one token has several; untracked events have none', async () => {
  const later = START + 30 * HOUR
  await admin.seed([...bookedTrail('twice', START), ...lostTrail('twice', later), eventOf({ token: 'unused' })])
  const sessions = new Map((await rowsOf('sessions')).map((row) => [row.started_at, row.session_id]))
  const events = await rowsOf('events')
  const idsFrom = (at: number) =>
    new Set(events.filter((row) => Date.parse(String(row.received_at)) >= at).map((row) => row.session_id))
  expect(sessions.size).toBe(2)
  expect(idsFrom(later)).toEqual(new Set([sessions.get(new Date(later).toISOString())]))
  expect(events.filter((row) => row.flow_token === 'unused').map((row) => row.session_id)).toEqual([null])
  expect(events.filter((row) => row.session_id === sessions.get(new Date(START).toISOString()))).toHaveLength(6)
})

test.each([
  ['sessions', {}, 2],
  ['sessions', { ending: 'completed' }, 1],
  ['sessions', { flow: 'other' }, 0],
  ['sessions', { from: START + HOUR }, 1],
  ['events', {}, 10],
  ['events', { flow: 'repair-booking' }, 10],
  ['events', { from: START + HOUR }, 3],
  ['events', { until: START + HOUR }, 7],
  ['events', { ending: 'completed' }, 6],
  ['events', { exit: 'DATE_TIME' }, 3],
  ['events', { token: 'lost' }, 3],
  ['events', { token: 'lost', until: START }, 0],
] satisfies [ExportWhat, ExportQuery, number][])('of %s, %j are %i rows', async (what, query, count) => {
  await admin.seed([...bookedTrail('booked', START), ...lostTrail('lost', START + HOUR), eventOf({ token: '' })])
  expect(await rowsOf(what, query)).toHaveLength(count)
})

test('many rows come in pages: each once, in order, and only as many as are asked for', async () => {
  const many = Array.from({ length: 2_500 }, (_, index) => eventOf({ token: `tok-${index}`, at: START + index }))
  await admin.seed(many)
  const chunks = await chunksOf('events', 'csv')
  const lines = chunks.join('').trimEnd().split('\r\n').slice(1)
  expect(chunks.map((chunk) => chunk.split('\r\n').length - 1)).toEqual([1, 1_000, 1_000, 500])
  expect(lines.map((line) => line.split(',')[1])).toEqual(many.map((event) => event.token))

  const stopped = exportRows(admin.store, 'sessions', 'csv', {}, admin.time.now, 24 * HOUR)
  await stopped.next()
  await stopped.return(undefined)
  expect(await stopped.next()).toEqual({ value: undefined, done: true })
})
