import { afterEach, beforeEach, expect, test } from 'bun:test'
import { createHash } from 'node:crypto'
import { type Admin, bookedTrail, enter, openAdmin } from '../../../test/admin-kit.ts'
import { START } from '../../../test/arbitrary-events.ts'
import { until } from '../../../test/until.ts'
import type { JobContext, JobResult } from '../../jobs/scheduled-job.ts'

let admin: Admin
let cookie: string
let work: (context: JobContext) => Promise<JobResult>
beforeEach(async () => {
  work = async () => ({ rows: 1_234, text: 'Swept.' })
  admin = await openAdmin({
    server: { timezone: 'Europe/Lisbon' },
    jobs: [
      { name: 'sweep', cron: '5 3 * * *', does: 'Sweeps the floor.', run: (context) => work(context) },
      { name: 'mop', cron: '0 4 * * 0', does: 'Mops it.', run: async () => ({ rows: 0, text: '' }) },
    ],
  })
  cookie = (await enter(admin)).cookie
})
afterEach(() => admin.close())

const read = async (path: string, headers = {}) => (await admin.get(path, { cookie, ...headers })).text()
const runNow = async (job: string) => (await admin.post('/admin/data/run', { job }, { cookie })).headers.get('location')

/** The cells of a job's row, as people read them. */
async function rowOf(job: string): Promise<string[]> {
  const html = await read('/admin/data')
  const row = html.split('<tr>').find((each) => each.includes(`name="job" value="${job}"`)) ?? ''
  return [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell = '']) =>
    cell
      .replaceAll(/<[^>]+>/g, ' ')
      .replaceAll(/\s+/g, ' ')
      .trim(),
  )
}

test('shows each job: what it does, when it runs next, how it ended', async () => {
  // 4 March 2026, 09:00 UTC.
  expect(await rowOf('sweep')).toEqual([
    'sweep Sweeps the floor.',
    '5 Mar 2026, 03:05',
    'never',
    'has not run yet',
    '',
    'Run now',
  ])
  expect((await rowOf('mop'))[1]).toBe('8 Mar 2026, 04:00')
  admin.time.now = START + 49 * 3_600_000
  expect(await runNow('sweep')).toBe('/admin/data')
  await until('it has ended', async () => (await rowOf('sweep'))[3]?.startsWith('done') ?? false)
  expect(await rowOf('sweep')).toEqual([
    'sweep Sweeps the floor.',
    '5 Mar 2026, 03:05',
    '4 Mar 2026, 10:00:00 by ada',
    'done in 0 ms Swept.',
    '1,234',
    'Run now',
  ])
  expect((await admin.store.audits(1))[0]).toMatchObject({
    who: 'ada',
    what: 'job_run',
    detail: expect.stringMatching(/^sweep, from/),
  })
})

test('shows the progress of a run, and starts no second one', async () => {
  const goOn = Promise.withResolvers<void>()
  work = async ({ report, signal }) => {
    signal.addEventListener('abort', () => goOn.resolve())
    report({ rows: 12, share: 0.425, text: 'Half of the floor.' })
    await goOn.promise
    throw new Error('the broom <b>broke</b>; buy another')
  }
  await runNow('sweep')
  await until('the progress is there', async () => (await rowOf('sweep'))[3]?.includes('42 %') ?? false)
  const part = await read('/admin/data', { 'hx-request-type': 'partial' })
  expect(part).toStartWith('<div id="jobs"')
  expect(part).toContain('Half of the floor.')
  const refused = await runNow('sweep')
  expect(refused).toBe('/admin/data?refused=running')
  expect(await read(refused as string)).toContain('The job is running already')
  goOn.resolve()
  await until('it has ended', async () => (await rowOf('sweep'))[3]?.startsWith('failed') ?? false)
  expect(await read('/admin/data')).toContain('the broom &lt;b>broke&lt;/b>; buy another')
  expect(await admin.store.audits(9, ['job_run'])).toHaveLength(1)
})

test('refuses a job that there is not, and whoever is not logged in or comes from elsewhere', async () => {
  expect(await runNow('constructor')).toBe('/admin/data?refused=unknown')
  expect(await read('/admin/data?refused=unknown')).toContain('There is no such job')
  expect(await read('/admin/data?refused=constructor')).not.toContain('alert-danger')
  expect((await admin.post('/admin/data/run', { job: 'sweep' })).headers.get('location')).toContain('/admin/login')
  const foreign = await admin.send('/admin/data/run', {
    method: 'POST',
    headers: { cookie, 'sec-fetch-site': 'cross-site' },
    body: new URLSearchParams({ job: 'sweep' }),
  })
  expect(foreign.status).toBe(403)
  expect((await rowOf('sweep'))[2]).toBe('never')
})

test('lists what is in no backup: files, and the names of environment variables', async () => {
  const html = await read('/admin/data')
  const list = html.slice(html.indexOf('In no backup are these files'), html.indexOf('</details>'))
  expect(list).toMatch(/<code[^>]*>[^<]*config\.yaml<\/code>.+environment variables:.+<code[^>]*>API_TOKEN<\/code>/s)
})

test('tells what is kept, and for how long', async () => {
  const html = await read('/admin/data')
  for (const label of ['Events', 'Sessions', 'Numbers', 'become pseudonyms after']) expect(html).toContain(label)
})

test('lists the last exports with the checksum of their bytes, and those that broke off', async () => {
  await admin.seed(bookedTrail('tok-booked', START))
  const whole = await (await admin.get('/admin/export/sessions?ending=completed', { cookie })).bytes()
  admin.time.now += 1_000
  const reader = (await admin.get('/admin/export/events', { cookie })).body?.getReader()
  await reader?.read()
  await reader?.cancel()
  await until('it is known to have broken off', async () => (await read('/admin/data')).includes('broken off'))
  const [second = '', first = ''] = (await read('/admin/data')).split('id="exports"')[1]?.split('<tr>').slice(2) ?? []
  const sha256 = createHash('sha256').update(whole).digest('hex')
  for (const part of ['sessions, csv', '>completed<', '>1<', '>whole<', sha256, '>ada<']) expect(first).toContain(part)
  for (const part of ['events, csv', '>everything<', 'broken off']) expect(second).toContain(part)
  expect(second).not.toContain('<code')
  expect((await admin.store.audits(9, ['export_ended'])).map(({ detail }) => detail)).toEqual([
    expect.stringMatching(/^events, csv, everything: broken off after /),
    `sessions, csv, completed: 1 row, ${whole.length} bytes, SHA-256 ${sha256}`,
  ])
})
