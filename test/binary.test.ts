// The one compiled binary, in an empty folder, with nothing of the project around it.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import { appendFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

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
}, 60_000)
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
  expect(demo.stdout).toContain('in 20 sessions')
  expect(demo.code).toBe(0)
}, 30_000)

test('serves the admin with its assets and its first account, and the API', async () => {
  await run('init', 'served')
  const config = join(folder, 'served', 'config.yaml')
  await appendFile(config, '\napi: { tokens: [a-token-for-the-tests] }\n')
  const child = Bun.spawn([binary, 'serve', '--config', 'served/config.yaml', '--port', '0'], {
    cwd: folder,
    env: {},
    stdout: 'pipe',
    stderr: 'pipe',
  })
  let printed = ''
  for await (const chunk of child.stdout) {
    printed += new TextDecoder().decode(chunk)
    if (printed.includes('/admin/setup?token=')) break
  }
  const base = `http://localhost:${/up on port (\d+)/.exec(printed)?.[1]}`
  const page = await (await fetch(`${base}/admin/login`)).text()
  const files = [...page.matchAll(/"(\/assets\/[^"]+)"/g)].map(([, file]) => file)
  expect(files.length).toBeGreaterThan(3)
  for (const file of files) expect({ file, status: (await fetch(base + file)).status }).toEqual({ file, status: 200 })
  const headers = { authorization: 'Bearer a-token-for-the-tests' }
  expect(await (await fetch(`${base}/api/v1/flows`, { headers })).json()).toMatchObject({ flows: [{ versions: [] }] })
  const token = /setup\?token=(\S+)/.exec(printed)?.[1] as string
  const made = await fetch(`${base}/admin/setup`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'sec-fetch-site': 'same-origin' },
    body: new URLSearchParams({ token, name: 'ada', password: 'three blind mice', again: 'three blind mice' }),
  })
  expect([made.status, made.headers.get('location')]).toEqual([303, '/admin/sessions'])
  child.kill('SIGTERM')
  expect(await child.exited).toBe(0)
}, 30_000)
