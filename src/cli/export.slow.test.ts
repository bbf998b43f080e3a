// `export` as people run it: in a process of its own, on a config that `init` made.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createHash } from 'node:crypto'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bookedTrail, lostTrail, RULES } from '../../test/admin-kit.ts'
import { eventOf, START } from '../../test/arbitrary-events.ts'
import { SCREENTRAIL } from '../../test/process.ts'
import { newestExports } from '../store/export-records.ts'
import { openSqliteStore } from '../store/sqlite/sqlite.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

const DAY = 86_400_000

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'screentrail-export-'))
  await screentrail('init', '.')
})
afterAll(() => rm(folder, { recursive: true }))

const file = () => join(folder, 'data/screentrail.db')

async function screentrail(...args: string[]) {
  const child = Bun.spawn([...SCREENTRAIL, ...args], { cwd: folder, stdout: 'pipe', stderr: 'pipe' })
  const [stdout, stderr, exitCode] = await Promise.all([
    // `text()` would leave out a byte order mark.
    new Response(child.stdout).bytes().then((bytes) => Buffer.from(bytes).toString()),
    new Response(child.stderr).text(),
    child.exited,
  ])
  return { stdout, stderr, exitCode }
}

test('before there is a store it says so, and makes none', async () => {
  const { stdout, stderr, exitCode } = await screentrail('export', 'sessions')
  expect([stdout, exitCode]).toEqual(['', 1])
  expect(stderr).toContain('screentrail.db is not there yet')
  expect(await Bun.file(file()).exists()).toBe(false)
})

test('writes rows to standard output, by flow and day, and notes it in the audit log', async () => {
  const store = await openSqliteStore(file())
  await store.record([...bookedTrail('booked', START), ...lostTrail('lost', START + DAY)], RULES)

  const outcomes: string[] = []
  const lines = async (...args: string[]) => {
    const { stdout, stderr, exitCode } = await screentrail('export', ...args)
    const rows = stdout.trimEnd().split('\n').length - (args.includes('ndjson') ? 0 : 1)
    const outcome = `${rows} ${rows === 1 ? 'row' : 'rows'}, ${Buffer.byteLength(stdout).toLocaleString('en')} bytes, SHA-256 ${sha256(stdout)}`
    expect([stderr, exitCode]).toEqual([`${outcome}\n`, 0])
    outcomes.push(outcome)
    return stdout.trimEnd().split('\n')
  }
  expect(await lines('sessions')).toHaveLength(3)
  expect(await lines('events', '--format', 'ndjson', '--until', '2026-03-02')).toHaveLength(6)
  expect(await lines('events', '--format', 'ndjson', '--from', '2026-03-03')).toHaveLength(3)
  // Of a flow that is no longer in the config.
  await store.record([eventOf({ flow: 'other' })], RULES)
  expect(await lines('sessions', '--flow', 'other')).toHaveLength(2)
  expect((await lines('sessions', '--format', 'excel'))[0]).toStartWith('\uFEFFsession_id;flow_token;')

  const audits = await store.audits(10)
  expect(audits.map(({ who, what, detail }) => `${who} ${what} ${detail}`)).toEqual([
    `command line export_ended sessions, excel, everything: ${outcomes[4]}`,
    'command line export_sessions excel',
    `command line export_ended sessions, csv, flow other: ${outcomes[3]}`,
    'command line export_sessions csv, other',
    `command line export_ended events, ndjson, from 2026-03-03: ${outcomes[2]}`,
    'command line export_events ndjson, 2026-03-03',
    `command line export_ended events, ndjson, until 2026-03-02: ${outcomes[1]}`,
    'command line export_events ndjson, 2026-03-02',
    `command line export_ended sessions, csv, everything: ${outcomes[0]}`,
    'command line export_sessions csv',
  ])
  await store.close()
})

/** More than a pipe holds. */
async function storeMany() {
  const store = await openSqliteStore(file())
  const many = Array.from({ length: 3_000 }, (_, index) => bookedTrail(`tok-${index}`, START + index)).flat()
  await store.record(many, RULES)
  await store.close()
}

/** What is known of the newest export, and the last entry of the audit log. */
async function newest() {
  const store = await openSqliteStore(file())
  const [record] = await newestExports(store, Date.now())
  const [audit] = await store.audits(1)
  await store.close()
  return { record, audit: audit?.detail }
}

describe('broken off', () => {
  beforeAll(storeMany)

  test('a reader that goes away early is no error', async () => {
    const command = `"${SCREENTRAIL.join('" "')}" export events | head -n 1; echo "exit \${PIPESTATUS[0]}"`
    const child = Bun.spawn(['bash', '-c', command], { cwd: folder, stdout: 'pipe', stderr: 'pipe' })
    const [stdout, stderr] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()])
    expect([stdout.split(',')[0], stdout.trim().split('\n').at(-1)]).toEqual(['event_id', 'exit 0'])
    expect(stderr).toMatch(/^broken off after [\d,]+ rows, [\d,]+ bytes\n$/)
    expect((await newest()).record?.state).toBe('broken_off')
  })

  test.each([
    ['SIGINT', 130, 'csv'],
    ['SIGTERM', 143, 'csv'],
    ['SIGINT', 130, 'parquet'],
  ] as const)('ended by %s, it says so, ends with %d, and is recorded: %s', async (signal, code, format) => {
    const pipe = join(folder, `${signal}.${format}`)
    await Bun.$`mkfifo ${pipe}`
    // Also for writing, so that opening it does not wait for the other side. Nobody reads on, so the export waits.
    const reader = await open(pipe, 'r+')
    const child = Bun.spawn([...SCREENTRAIL, 'export', 'events', '--format', format], {
      cwd: folder,
      stdout: reader.fd,
      stderr: 'pipe',
    })
    await reader.read(Buffer.alloc(4), 0, 4)
    child.kill(signal)
    const stderr = await new Response(child.stderr).text()
    expect(await child.exited).toBe(code)
    await reader.close()

    const { record, audit } = await newest()
    expect(record).toMatchObject({ what: 'events', format, state: 'broken_off' })
    const size = `${record?.rows.toLocaleString('en')} rows, ${record?.bytes.toLocaleString('en')} bytes`
    expect(stderr).toBe(`Stopped after ${size}; the export is not whole.\n`)
    expect(audit).toBe(`events, ${format}, everything: broken off after ${size}`)
  })

  test('on a full disk it says so, and after how much, and is recorded', async () => {
    const child = Bun.spawn([...SCREENTRAIL, 'export', 'events'], {
      cwd: folder,
      stdout: Bun.file('/dev/full'),
      stderr: 'pipe',
    })
    expect(await new Response(child.stderr).text()).toBe(
      'screentrail: cannot write to standard output: the disk is full. Stopped after 0 rows, 0 bytes; the export is not whole.\n',
    )
    expect(await child.exited).toBe(1)
    const { record, audit } = await newest()
    expect(record).toMatchObject({ state: 'broken_off', rows: 0, bytes: 0 })
    expect(audit).toBe('events, csv, everything: broken off after 0 rows, 0 bytes')
  })
})

test.each([
  [['export', 'people'], 'Allowed choices are sessions, events'],
  [['export', 'sessions', '--format', 'xlsx'], 'Allowed choices are csv, excel, ndjson'],
  [['export', 'sessions', '--from', 'yesterday'], '--from "yesterday" is not a day; expected one such as 2026-11-22'],
  [
    ['export', 'sessions', '--from', '2026-12-01', '--until', '2026-11-01'],
    '--from is 2026-12-01 and --until is 2026-11-01; expected --from to be that day or before',
  ],
  [['export', 'events', '--flow', 'repairbooking'], 'there is no flow "repairbooking"; did you mean repair-booking?'],
  [['export', 'sessions', '--flow', 'elsewhere'], 'there is no flow "elsewhere"; the flows are repair-booking'],
  [['export', 'sessions', '--config', 'nowhere.yaml'], 'nowhere.yaml:1:1'],
])('%p is refused in one sentence', async (args, sentence) => {
  const { stdout, stderr, exitCode } = await screentrail(...args)
  expect([stdout, exitCode]).toEqual(['', 1])
  expect(stderr).toContain(sentence)
  expect(stderr).not.toContain('    at ')
})
