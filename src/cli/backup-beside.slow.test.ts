// What `backup` lists, beside the backup, is all that another machine needs.

import { expect, test } from 'bun:test'
import { appendFile, cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { makeFolder } from '../../test/kit.ts'
import { run, serve } from '../../test/process.ts'
import { backupsIn } from '../backup/folder.ts'

const TOKEN = 'fLq8-n2Vw-Zr0x-Tb5y'

test('copies of exactly the listed files are enough to restore, and to serve', async () => {
  const folder = await makeFolder()
  await appendFile(folder.config, `\napi: { tokens: ["\${API_TOKEN}"] }\n`)
  const env = { API_TOKEN: TOKEN }
  await (await serve(folder, [], [], env)).stop()
  const { stdout, code } = await run(['backup'], folder.path, env)
  expect(code).toBe(0)
  expect(stdout).not.toContain(TOKEN)
  const [files, variables] = (stdout.split('Keep copies of these files elsewhere:\n')[1] ?? '').split(
    'and the values of these environment variables:\n',
  )
  expect(variables).toBe('  API_TOKEN\n')

  const elsewhere = await mkdtemp(join(tmpdir(), 'screentrail-elsewhere-'))
  for (const file of (files ?? '').trim().split(/\n */)) {
    const copy = join(elsewhere, relative(folder.path, file))
    await mkdir(dirname(copy), { recursive: true })
    await cp(file, copy)
  }
  const backups = join(folder.path, 'data/backups')
  const name = backupsIn(backups)[0] ?? 'none'
  await cp(join(backups, name), join(elsewhere, 'data/backups', name), { recursive: true })
  const config = await readFile(folder.config, 'utf8')
  await folder.remove()

  const restored = await run(['restore', name], elsewhere, env)
  expect([restored.stderr, restored.code]).toEqual(['', 0])
  const checked = await run(['check'], elsewhere, env)
  expect([checked.stderr, checked.code]).toEqual(['', 0])
  expect(await readFile(join(elsewhere, 'config.yaml'), 'utf8')).toBe(config)
  expect(await (await serve({ config: join(elsewhere, 'config.yaml') }, [], [], env)).stop()).toBe(0)
  await rm(elsewhere, { recursive: true })
})
