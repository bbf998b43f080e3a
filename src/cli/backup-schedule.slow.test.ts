// The job `backup`: a process of its own that belongs to the one that started it.

import { afterEach, beforeEach, expect, test } from 'bun:test'
import { readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { configWith, type Folder, makeFolder } from '../../test/kit.ts'
import { run } from '../../test/process.ts'
import { until } from '../../test/until.ts'
import { WALK } from '../../test/walk.ts'
import { backUpInProcess } from '../backup/supervised.ts'
import type { Check } from '../health/check.ts'
import { openSqliteStore } from '../store/sqlite/sqlite.ts'

let folder: Folder
beforeEach(async () => {
  folder = await makeFolder(configWith(WALK, 'backup: { folder: backups, schedule: "30 3 * * *", keep: 2 }'))
  await (await openSqliteStore(join(folder.path, 'data/screentrail.db'))).close()
})
afterEach(() => folder.remove())

const backups = async () => (await readdir(join(folder.path, 'backups'))).filter((name) => /^\d{4}-\S+Z/.test(name))

async function doctor(): Promise<Check | undefined> {
  const { stdout } = await run(['doctor', '--json', '--port', '1'], folder.path)
  return (JSON.parse(stdout) as { checks: Check[] }).checks.find(({ name }) => name === 'backup')
}

test('makes a verified backup and says so, and doctor tells of it, and of one that failed', async () => {
  const { stdout, stderr, code } = await run(['jobs', 'run', 'backup'], folder.path)
  expect([stderr.replaceAll(/^ *\d+ % .*\n/gm, ''), code]).toEqual(['', 0])
  expect(stdout).toMatch(/backups\/\S+Z: 0 events in 0 sessions, 0 events waiting in the journal, .+, verified, in /)
  const [name = ''] = await backups()
  expect(await doctor()).toMatchObject({ verdict: 'ok', found: expect.stringContaining(name) })

  await rm(join(folder.path, 'backups'), { recursive: true })
  await writeFile(join(folder.path, 'backups'), 'no folder')
  const failed = await run(['jobs', 'run', 'backup'], folder.path)
  expect(failed.code).toBe(1)
  expect(failed.stderr).toContain('the job backup failed: ')
  const found = expect.stringMatching(/^cannot look for backups in .*backups: a part of its path is not a folder$/)
  expect(await doctor()).toMatchObject({ verdict: 'warning', found })
  await rm(join(folder.path, 'backups'))
  expect(await doctor()).toMatchObject({
    verdict: 'warning',
    found: expect.stringMatching(/^the last backup failed: .*backups/),
  })
  const listed = await run(['jobs'], folder.path)
  expect(listed.stdout).toMatch(/^backup {2}Copies store and journal.*\n.*\(30 3 \* \* \*, UTC\)\n.*: failed$/m)

  const store = await openSqliteStore(join(folder.path, 'data/screentrail.db'))
  expect((await store.audits(9, ['backup_made'])).map(({ who, detail }) => [who, detail.endsWith(name)])).toEqual([
    ['system', true],
  ])
  await store.close()
}, 120_000)

test('is ended when its server stops, and leaves nothing that the next one minds', async () => {
  const stop = new AbortController()
  const shares: number[] = []
  const report = ({ share }: { readonly share: number }) => {
    shares.push(share)
    stop.abort(new Error('the server stops'))
  }
  const error = await backUpInProcess(folder.config, { report, signal: stop.signal }).catch((error: Error) => error)
  expect((error as Error).message).toBe('the server stops')
  expect(shares[0]).toBe(0)
  const done = await backUpInProcess(folder.config, { report: () => {}, signal: new AbortController().signal })
  expect(done).toMatchObject({ rows: 0, text: expect.stringContaining('verified') })
  expect(await backups()).toHaveLength(1)
}, 120_000)

test('ends when the process that started it was killed', async () => {
  const module = (path: string) => JSON.stringify(join(import.meta.dir, path))
  const child = `import { endWithSupervisor } from ${module('../backup/supervised.ts')}
    endWithSupervisor(); console.log(process.pid); setInterval(() => {}, 1_000)`
  const parent = `const child = Bun.spawn([process.execPath, '-e', ${JSON.stringify(child)}], { stdin: 'pipe', stdout: 'inherit' })
    await child.exited`
  const supervisor = Bun.spawn([process.execPath, '-e', parent], { stdout: 'pipe', stderr: 'inherit' })
  const { value } = await supervisor.stdout.getReader().read()
  const pid = Number(new TextDecoder().decode(value))
  expect(pid).toBeGreaterThan(0)
  supervisor.kill('SIGKILL')
  await until('it is gone', () => !isAlive(pid))
}, 120_000)

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
