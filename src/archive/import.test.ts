import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import fc from 'fast-check'
import { arbitraryEvents, eventOf, START } from '../../test/arbitrary-events.ts'
import { answersOf, expectedAnswers, RULES } from '../../test/store-contract/expected.ts'
import { csvHeader, csvRows, PLAIN } from '../store/csv.ts'
import { type ExportFormat, exportPages, exportRows } from '../store/export.ts'
import { parquetOf } from '../store/parquet.ts'
import { openSqliteQueryStore } from '../store/sqlite/sqlite.ts'
import type { Store } from '../store/store.ts'
import type { TrailEvent } from '../trail/event.ts'
import { eventRow, type Row } from '../trail/export-columns.ts'
import { openArchive } from './archive.ts'
import { importEvents } from './import.ts'
import { sourcesAt } from './sources.ts'

const DAY = 86_400_000

let folder: string
let store: Store
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'screentrail-import-'))
  store = await openSqliteQueryStore(join(folder, 'store.db'))
})
afterEach(async () => {
  await store.close()
  await rm(folder, { recursive: true })
})

const at = (name: string) => join(folder, name)
const EMPTY: AsyncIterable<Uint8Array> = (async function* () {})()

/** Nothing comes of age here; `import.slow.test.ts` has what does. */
const aged = (event: TrailEvent) => event

type Options = { isDryRun?: boolean; takesDamaged?: boolean; into?: Store; piped?: AsyncIterable<Uint8Array> }

async function take(places: readonly string[], { into = store, piped, ...options }: Options = {}) {
  const sources = await sourcesAt(places, piped ?? EMPTY)
  const work = { sources, store: into, rules: RULES, aged, isDryRun: false, takesDamaged: false, ...options }
  const steps = await Array.fromAsync(importEvents(work))
  const { read, stored, known } = steps.at(-1) ?? { read: 0, stored: 0, known: 0 }
  const short = (sentences: readonly string[]) => sentences.map((it) => it.replaceAll(`${folder}/`, ''))
  return {
    counts: [read, stored, known],
    refused: short(steps.flatMap((it) => it.refused)),
    unread: short(steps.flatMap((it) => it.unread)),
  }
}

/** What `screentrail export events` prints of a store that has these. */
async function exportOf(events: readonly TrailEvent[], format: ExportFormat): Promise<string> {
  const file = at(`${crypto.randomUUID()}.db`)
  const from = await openSqliteQueryStore(file)
  try {
    await from.record(events, RULES)
    return (await Array.fromAsync(exportRows(from, 'events', format, {}, START, DAY))).join('')
  } finally {
    await from.close()
  }
}

/** A few hundred visits: enough for several batches. */
const many = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    eventOf({ token: `token ${index >> 2}`, at: START + index * 1_000, input: { service: 'routine', n: index } }),
  )

async function archive(events: readonly TrailEvent[], name = 'archive') {
  const batches = Map.groupBy(events, ({ flow }) => flow)
  const files = [...batches].map(([flow, events]) => openArchive(at(name)).write({ flow, day: '2026-03-02', events }))
  return Promise.all(files)
}

/** Texts in which CSV could lose something. */
const typed = fc.constantFrom('plain', "'=1+1", '=1+1', 'a\r\n"b",;c', '', ' x ', '\u{feff}x', "a;'=1", 'żółć 🦊', '\n')

const anyEvents = fc.tuple(arbitraryEvents, fc.array(typed, { minLength: 5, maxLength: 5 })).map(([events, texts]) =>
  events.map((event, index) => {
    const text = texts[index % texts.length] as string
    const errors = [...event.errors, ...(text === '' ? [] : [{ code: 'custom', message: text }])]
    return { ...event, token: `${event.token}${text}`, input: { ...event.input, [text]: text }, errors }
  }),
)

test.each([
  ['NDJSON', 'ndjson', (text: string) => Buffer.from(text)],
  ['CSV', 'csv', (text: string) => Buffer.from(text)],
  ['NDJSON as zstd', 'ndjson', (text: string) => zstdCompressSync(text)],
  ['CSV as gzip', 'csv', (text: string) => gzipSync(text)],
] satisfies [string, ExportFormat, (text: string) => Uint8Array][])(
  'an export as %s gives the same events and sessions, however often it is imported',
  async (_, format, packed) => {
    await fc.assert(
      fc.asyncProperty(anyEvents, async (events) => {
        const file = at(`${crypto.randomUUID()}.${format}`)
        await writeFile(file, packed(await exportOf(events, format)))
        const into = await openSqliteQueryStore(`${file}.db`)
        try {
          const { length } = events
          expect(await take([file], { into })).toEqual({ counts: [length, length, 0], refused: [], unread: [] })
          expect(await take([file], { into })).toEqual({ counts: [length, 0, length], refused: [], unread: [] })
          expect(await answersOf(into, events)).toEqual(expectedAnswers(events))
        } finally {
          await into.close()
        }
      }),
      { numRuns: 6 },
    )
  },
  60_000,
)

test('archive, exports and what is there already overlap: each event once', async () => {
  const events = many(2_400)
  await archive(events.slice(0, 1_000))
  await archive(events.slice(800, 1_500))
  await writeFile(at('archive/late.csv'), await exportOf(events.slice(1_400, 2_000), 'csv'))
  await store.record(events.slice(1_900), RULES)
  expect(await take([at('archive')])).toEqual({ counts: [2_300, 1_900, 400], refused: [], unread: [] })
  expect(await answersOf(store, events)).toEqual(expectedAnswers(events))
})

test('an older export has the same events, and those that are there stay as they are', async () => {
  const events = many(20)
  const rows = (await exportOf(events, 'ndjson'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  const older = rows.map(({ sequence: _, fingerprint: __, errors: ___, ...row }) => JSON.stringify(row)).join('\n')
  const csv = (await exportOf(events, 'csv')).replaceAll(
    /(?:,sequence,fingerprint,errors|,,[\w-]{11},\[\])(?=\r\n)/g,
    '',
  )
  expect(csv).not.toContain('fingerprint')
  await writeFile(at('older.ndjson'), older)
  await writeFile(at('older.csv'), csv)
  await store.record(events.slice(0, 5), RULES)
  expect((await take([at('older.ndjson'), at('older.csv')])).counts).toEqual([40, 15, 25])
  const { sessions } = await answersOf(store, events)
  expect(sessions).toEqual(expectedAnswers(events).sessions)
})

test('progress counts what is read of a file, and of files', async () => {
  const text = await exportOf(many(1_100), 'ndjson')
  await writeFile(at('a.ndjson'), text)
  await writeFile(at('b.ndjson'), text)
  const sources = await sourcesAt([at('a.ndjson'), at('b.ndjson')], EMPTY)
  const work = { sources, store, rules: RULES, aged, isDryRun: true, takesDamaged: false }
  const bytes = (await Array.fromAsync(importEvents(work))).map((it) => it.bytes)
  expect(bytes).toEqual(bytes.toSorted((a, b) => a - b))
  expect(bytes[0]).toBeWithin(1, text.length)
  expect(bytes.at(-1)).toBe(2 * Buffer.byteLength(text))
})

test('what is piped in is taken', async () => {
  const events = many(3)
  const text = Buffer.from(await exportOf(events, 'csv'))
  const piped = (async function* () {
    for (const byte of text) yield Buffer.of(byte)
  })()
  expect((await take(['-'], { piped })).counts).toEqual([3, 3, 0])
})

test('a dry run counts and changes nothing', async () => {
  const events = many(1_200)
  await archive(events)
  await store.record(events.slice(0, 100), RULES)
  expect((await take([at('archive')], { isDryRun: true })).counts).toEqual([1_200, 1_100, 100])
  const before = events.slice(0, 100)
  expect(await answersOf(store, before)).toEqual(expectedAnswers(before))
})

describe('what is damaged is named, and everything else is taken', () => {
  test('lines of NDJSON', async () => {
    const events = many(1_000)
    const lines = (await exportOf(events, 'ndjson')).trimEnd().split('\n')
    lines[2] = (lines[2] as string).slice(0, 40)
    lines[700] = (lines[700] as string).replace('"submit"', '"sleep"')
    lines.splice(900, 0, '', '[1]')
    await writeFile(at('x.ndjson'), lines.join('\n'))
    const { counts, refused } = await take([at('x.ndjson')])
    expect(counts).toEqual([1_001, 998, 0])
    expect(refused).toEqual([
      `x.ndjson:3 ${JSON.stringify(lines[2])} is no event; expected one event as JSON`,
      'x.ndjson:701 action is "sleep"; expected init, submit, back, client_error',
      'x.ndjson:902 "[1]" is no event; expected one event as JSON',
    ])
  })

  test('lines that nest too deep', async () => {
    const events = many(3)
    const deep = JSON.stringify({ event_id: 'x', input_values: 0 }).replace('0', '['.repeat(1e5) + ']'.repeat(1e5))
    await writeFile(at('x.ndjson'), `${deep}\n${await exportOf(events, 'ndjson')}`)
    expect(await take([at('x.ndjson')])).toEqual({
      counts: [4, 3, 0],
      refused: ['x.ndjson:1 the line nests deeper than 600 levels; no event does'],
      unread: [],
    })
  })

  test('lines that are no UTF-8', async () => {
    const text = Buffer.from(await exportOf(many(3), 'ndjson'))
    text[20] = 0xff
    await writeFile(at('x.ndjson'), text)
    const { counts, refused } = await take([at('x.ndjson')])
    expect(counts).toEqual([3, 2, 0])
    expect(refused).toEqual(['x.ndjson:1 the line is no UTF-8, or is longer than 32 MB; expected one event as JSON'])
  })

  test.each([
    ['a quote is missing', (line: string) => line.replace('"{', '{')],
    ['a quote is too much', (line: string) => `${line}"`],
    ['a cell is missing', (line: string) => line.replace(',submit', '')],
    ['it ends too soon', (line: string) => line.slice(0, 120)],
  ])('lines of CSV: %s', async (_, damage) => {
    const events = [...many(30), eventOf({ token: 'two\r\nlines', at: START + 40_000 }), ...many(40).slice(30)]
    const lines = (await exportOf(events, 'csv')).split('\r\n')
    lines[7] = damage(lines[7] as string)
    lines[20] = damage(lines[20] as string)
    await writeFile(at('x.csv'), lines.join('\r\n'))
    const { counts, refused } = await take([at('x.csv')])
    expect(counts).toEqual([41, 39, 0])
    expect(refused.map((it) => it.split(' ')[0])).toEqual(['x.csv:8', 'x.csv:21'])
    expect(await store.eventsOf('repair-booking', 'two\r\nlines')).toHaveLength(1)
  })

  test('cells of CSV that are not what the column has', async () => {
    const lines = (await exportOf(many(3), 'csv')).split('\r\n')
    lines[1] = (lines[1] as string).replace('""n"":0}', '""n"":0')
    lines[2] = (lines[2] as string).replace(',4.25,', ',soon,')
    await writeFile(at('x.csv'), lines.join('\r\n'))
    expect((await take([at('x.csv')])).refused).toEqual([
      'x.csv:2 input_values is "{\\"service\\":\\"routine\\",\\"n\\":0"; expected JSON',
      'x.csv:3 processing_time_ms is "soon"; expected milliseconds',
    ])
  })

  test.each(['ndjson', 'csv'] as const)('columns of %s are named as they are in the file', async (format) => {
    const wrong = { event_id: 'x', flow_version: undefined, received_at: 'noon', processing_time_ms: -5 }
    const rows = Object.entries(wrong).map(([column, value], index) => {
      const [event] = many(1).map((each) => ({ ...each, at: START + index }))
      return { ...eventRow(event as TrailEvent, 'session'), [column]: value } as Row
    })
    const text =
      format === 'ndjson'
        ? rows.map((row) => JSON.stringify(row)).join('\n')
        : csvHeader(Object.keys(rows[0] ?? {}), PLAIN) + csvRows(rows, Object.keys(rows[0] ?? {}), PLAIN)
    await writeFile(at('x'), text)
    const first = format === 'csv' ? 2 : 1
    expect((await take([at('x')])).refused).toEqual([
      `x:${first} event_id is "x"; expected a SHA-256 in base64url`,
      ...(format === 'ndjson' ? ['x:2 flow_version is missing; expected text'] : []),
      `x:${first + 2} received_at is "noon"; expected an instant such as 2026-03-02T09:00:00.000Z`,
      `x:${first + 3} processing_time_ms is -5; expected milliseconds`,
    ])
  })

  test('a column that is not there, and a line of an archive', async () => {
    const [event] = many(1)
    const { event_id: _, ...row } = eventRow(event as TrailEvent, undefined)
    await writeFile(at('x.ndjson'), [row, { ...event, processingMs: -5 }].map((it) => JSON.stringify(it)).join('\n'))
    expect((await take([at('x.ndjson')])).refused).toEqual([
      'x.ndjson:1 event_id is missing; expected a SHA-256 in base64url',
      'x.ndjson:2 processingMs is -5; expected milliseconds',
    ])
  })

  test('a compressed file that ends too soon', async () => {
    const noise = many(2_000).map((event) => ({ ...event, input: { noise: crypto.randomUUID() } }))
    const text = await exportOf(noise, 'ndjson')
    const packed = zstdCompressSync(text)
    await writeFile(at('x.ndjson.zst'), packed.subarray(0, packed.length * 0.8))
    const { counts, refused } = await take([at('x.ndjson.zst')])
    expect(counts[1]).toBeWithin(500, 2_000)
    expect(refused.at(-1)).toMatch(
      /^x\.ndjson\.zst:\d+ from here on, it is damaged: what is compressed in it cannot be read \(unexpected end of file\)$/,
    )
  })

  test('what follows a compressed file: all lines of the file are taken', async () => {
    const text = await exportOf(many(2_000), 'ndjson')
    const half = text.indexOf('\n', text.length / 2) + 1
    for (const parts of [[text], [text.slice(0, half), text.slice(half)]]) {
      const frames = parts.map((part) => zstdCompressSync(part))
      await writeFile(at('x.ndjson.zst'), Buffer.concat([...frames, Buffer.from('xx')]))
      const { counts, refused } = await take([at('x.ndjson.zst')], { isDryRun: true })
      expect(counts).toEqual([2_001, 2_000, 0])
      expect(refused).toEqual([
        expect.stringMatching(/^x\.ndjson\.zst:2001 from here on, it is damaged: .+ \(Trailing junk .+\)$/),
      ])
    }
  })

  test('a file of an archive that something was appended to, or that is cut short, is taken up to there', async () => {
    const [file] = await archive(many(10))
    const path = at(`archive/${file?.name}`)
    const whole = await readFile(path)
    await writeFile(path, Buffer.concat([whole, Buffer.from('xx')]))
    const { counts, refused } = await take([at('archive')], { takesDamaged: true })
    expect(counts).toEqual([11, 10, 0])
    expect(refused).toEqual([
      expect.stringMatching(/Trailing junk .+; taken as far as it can be read$/),
      expect.stringMatching(/\.ndjson\.zst:11 from here on, it is damaged: .+ \(Trailing junk .+\)$/),
    ])
    // Without the checksum at its end, nothing of its lines is missing.
    await writeFile(path, whole.subarray(0, -4))
    expect((await take([at('archive')], { takesDamaged: true })).counts).toEqual([11, 0, 10])
  })

  test('a file of an archive: nothing of it is taken, unless told to', async () => {
    const events = many(10)
    const [file] = await archive(events)
    const [other] = await archive([eventOf({ flow: 'feedback' })])
    const path = at(`archive/${file?.name}`)
    const lines = events.map((event) => JSON.stringify(event)).join('\n')
    await writeFile(path, zstdCompressSync(`${lines.replace('"n":3', '"n":4')}\n{`))
    const { counts, unread } = await take([at('archive')])
    expect([other?.events, counts]).toEqual([1, [1, 1, 0]])
    expect(unread).toEqual([
      expect.stringMatching(/^archive\/repair-booking\/2026-03-02\.\w{64}\.ndjson\.zst is not what was written: /),
    ])
    expect((await take([path])).counts).toEqual([0, 0, 0])

    const damaged = await take([path], { takesDamaged: true })
    expect(damaged.counts).toEqual([11, 10, 0])
    expect(damaged.refused.map((it) => it.slice(-60))).toEqual([
      expect.stringContaining('; taken as far as it can be read'),
      expect.stringContaining('.ndjson.zst:11 "{" is no event; expected one event as JSON'),
    ])
  })

  test('a manifest: the file beside it is not taken, unless told to', async () => {
    const [file] = await archive(many(10))
    await writeFile(at(`archive/${file?.name.replace('.ndjson.zst', '.json')}`), '{')
    expect(await take([at('archive')])).toEqual({
      counts: [0, 0, 0],
      refused: [],
      unread: [expect.stringMatching(/\.json is damaged: it does not describe a file of an archive$/)],
    })
    expect((await take([at('archive')], { takesDamaged: true })).counts).toEqual([10, 10, 0])
  })
})

test.each([
  ['excel', 'events', /^x\.csv:1 a CSV for Excel has rounded times; export the events again with `--format ndjson`/],
  ['csv', 'sessions', /^x\.csv:1 these are sessions, which are computed from events; export the events instead/],
  ['ndjson', 'sessions', /^x\.csv:1 these are sessions/],
] satisfies [ExportFormat, 'events' | 'sessions', RegExp][])(
  '%s of %s is not taken',
  async (format, what, sentence) => {
    await store.record(many(3), RULES)
    const text = (await Array.fromAsync(exportRows(store, what, format, {}, START, DAY))).join('')
    await writeFile(at('x.csv'), text)
    expect((await take([at('x.csv')])).refused).toEqual([expect.stringMatching(sentence)])
  },
)

test('Parquet is not taken', async () => {
  await store.record(many(3), RULES)
  const pages = exportPages(store, 'events', {}, START, DAY)
  await writeFile(at('x.parquet'), Buffer.concat(await Array.fromAsync(parquetOf('events', pages))))
  expect((await take([at('x.parquet')])).refused).toEqual([
    'x.parquet:1 Parquet is for other programs; export the events again with `--format ndjson`, or `--format csv`',
  ])
})

test('places that are not there, or have nothing', async () => {
  await expect(take([at('none')])).rejects.toThrow(/^cannot read .*none: there is no such file$/)
  await writeFile(at('empty.ndjson'), '')
  expect((await take([at('empty.ndjson')])).counts).toEqual([0, 0, 0])
  await rm(at('empty.ndjson'))
  await expect(take([folder])).rejects.toThrow(/has nothing to import: no archive, no \.ndjson and no \.csv file$/)
  expect((await readFile(at('store.db'))).length).toBeGreaterThan(0)
})
