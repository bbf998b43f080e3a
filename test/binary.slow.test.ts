// The one compiled binary, in an empty folder, with nothing of the project around it.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { clientOf, configWith, folderAt } from './kit.ts'

let folder: string
let binary: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'screentrail-binary-'))
  binary = join(folder, 'screentrail')
  const build = Bun.spawn([process.execPath, 'run', 'build', '--outfile', binary], {
    cwd: join(import.meta.dir, '..'),
    stdout: 'ignore',
    stderr: 'ignore',
  })
  expect(await build.exited).toBe(0)
}, 120_000)
afterAll(() => rm(folder, { recursive: true, force: true }))

async function run(...args: string[]) {
  const child = Bun.spawn([binary, ...args], { cwd: folder, env: {}, stdout: 'pipe', stderr: 'pipe' })
  const [stdout, stderr] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()])
  return { stdout, stderr, code: await child.exited }
}

test('makes a folder, checks it, and plays the demo', async () => {
  expect((await run('init', 'here')).code).toBe(0)
  expect(await run('check', '--config', 'here/config.yaml')).toMatchObject({ code: 0, stderr: '' })
  const demo = await run('demo', '--exit', '--sessions', '20')
  expect(demo.stdout).toMatch(/in (?:19|20|21) sessions of thirty days/)
  expect(demo.code).toBe(0)
}, 120_000)

async function serve(name: string, env: Record<string, string> = {}) {
  const command = [binary, 'serve', '--config', join(name, 'config.yaml'), '--port', '0']
  const child = Bun.spawn(command, { cwd: folder, env, stdout: 'pipe', stderr: 'pipe' })
  let printed = ''
  for await (const chunk of child.stdout) {
    printed += new TextDecoder().decode(chunk)
    if (printed.includes('/admin/setup?token=')) break
  }
  const base = `http://localhost:${/up on port (\d+)/.exec(printed)?.[1]}`
  return { child, base, token: /setup\?token=(\S+)/.exec(printed)?.[1] as string }
}

test('serves the admin with its assets and its first account, the API, and people walking a flow', async () => {
  await run('init', 'served')
  const config = join(folder, 'served', 'config.yaml')
  // $eval is never for the thread that answers; where it cannot be evaluated, no token is accepted.
  const written = (await readFile(config, 'utf8')).replace(
    /^( +)start: .*$/m,
    `$&\n$1tokens: { accept: '$$eval("true")' }`,
  )
  await writeFile(config, `${written}\napi: { tokens: [a-token-for-the-tests] }\n`)
  const { child, base, token } = await serve('served')
  const page = await (await fetch(`${base}/admin/login`)).text()
  const files = [...page.matchAll(/"(\/assets\/[^"]+)"/g)].map(([, file]) => file)
  expect(files.length).toBeGreaterThan(3)
  for (const file of files) expect({ file, status: (await fetch(base + file)).status }).toEqual({ file, status: 200 })
  const headers = { authorization: 'Bearer a-token-for-the-tests' }
  expect(await (await fetch(`${base}/api/v1/flows`, { headers })).json()).toMatchObject({ flows: [{ versions: [] }] })
  const url = `${base}/flows/repair-booking`
  const people = await run('simulate', '--config', 'served/config.yaml', '--url', url, '--sessions', '5')
  expect(people).toMatchObject({ code: 0 })
  const account = new URLSearchParams({ token, name: 'ada', password: 'three blind mice', again: 'three blind mice' })
  const made = await fetch(`${base}/admin/setup`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'sec-fetch-site': 'same-origin' },
    body: account,
  })
  expect([made.status, made.headers.get('location')]).toEqual([303, '/admin'])
  // The build takes process.env.NODE_ENV for "development".
  const cookie = made.headers.get('set-cookie')?.split(';')[0] as string
  expect((await fetch(`${base}/admin/account`, { headers: { cookie } })).status).toBe(200)
  expect((await fetch(`${base}/admin/parts`, { headers: { cookie } })).status).toBe(404)
  child.kill('SIGTERM')
  expect(await child.exited).toBe(0)
}, 120_000)

test('the backup job runs the binary itself', async () => {
  await run('init', 'kept')
  const config = join(folder, 'kept', 'config.yaml')
  await writeFile(config, (await readFile(config, 'utf8')).replace('# schedule:', 'schedule:'))
  const { child } = await serve('kept')
  child.kill('SIGTERM')
  expect(await child.exited).toBe(0)
  const backup = await run('jobs', 'run', 'backup', '--config', config)
  expect(backup.stdout).toMatch(/kept\/data\/backups\/\S+Z: 0 events in 0 sessions, .+, verified/)
}, 120_000)

const CERTIFICATES = join(import.meta.dir, 'vectors/company-ca')

test.each([
  [
    'is believed where NODE_EXTRA_CA_CERTS names it',
    { NODE_EXTRA_CA_CERTS: join(CERTIFICATES, 'ca.pem') },
    'by the API',
  ],
  ['is not believed otherwise', {}, 'by the fallback'],
])(
  'the CA of a company %s',
  async (_, env, expected) => {
    const api = Bun.serve({
      port: 0,
      tls: {
        cert: Bun.file(join(CERTIFICATES, 'localhost.pem')),
        key: Bun.file(join(CERTIFICATES, 'localhost.key')),
      },
      fetch: () => Response.json('by the API'),
    })
    const name = await mkdtemp(join(folder, 'ca-'))
    await run('init', name)
    const theirs = `{ url: "https://localhost:${api.port}/", timeout: 5s }`
    await writeFile(
      join(name, 'config.yaml'),
      configWith(`asking:
  start: A
  screens: { A: { ask: { theirs: { else: by the fallback } }, data: { answer: { expr: api.theirs.body } }, complete: {} } }
  apis: { theirs: ${theirs} }`),
    )
    const { child, base } = await serve(name, env)
    const client = clientOf(fetch, await folderAt(name), base)
    const init = { version: '3.0', action: 'INIT', screen: '', data: {}, flow_token: 'someone' }
    expect((await client.send('asking', init)).reply).toMatchObject({ screen: 'A', data: { answer: expected } })
    child.kill('SIGTERM')
    expect(await child.exited).toBe(0)
    await api.stop(true)
  },
  30_000,
)
