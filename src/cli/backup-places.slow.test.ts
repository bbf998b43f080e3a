// Places that `backup`, `drill` and `restore` cannot use: each is named in a sentence, and nothing is left there.

import { afterEach, beforeEach, expect, setDefaultTimeout, test } from 'bun:test'
import { readdirSync } from 'node:fs'
import { readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Folder, makeFolder } from '../../test/kit.ts'
import { run } from '../../test/process.ts'
import { createLog } from '../lib/log.ts'
import { openStore } from '../store/open.ts'

// Backups and drills have the lowest priority.
setDefaultTimeout(240_000)

let folder: Folder
beforeEach(async () => {
  folder = await makeFolder()
  await (await openStore((await folder.load()).config.store.uri, createLog('silent'))).close()
})
afterEach(() => folder.remove())

/** What the command says, which fails and leaves nothing behind. */
async function refusal(...args: readonly string[]): Promise<string> {
  const before = readdirSync(folder.path, { recursive: true }).sort()
  const { stdout, stderr, code } = await run(args, folder.path)
  expect([stdout, code]).toEqual(['', 1])
  expect(readdirSync(folder.path, { recursive: true }).sort()).toEqual(before)
  return stderr.replaceAll(`${folder.path}/`, '')
}

test.each([
  ['ftp://host/folder', 'ftp://host/folder is an address'],
  ['s3:/bucket', 's3:/bucket is an address'],
  ['S3://bucket', 'S3://bucket is an address'],
])('an address is not taken for a folder: %s', async (place, found) => {
  for (const command of ['backup', 'drill'])
    expect(await refusal(command, place)).toBe(`screentrail: ${found}; expected a folder, or s3://BUCKET/PREFIX\n`)
})

test('neither is no name at all', async () => {
  const expected = 'expected a folder, or s3://BUCKET/PREFIX, or nothing at all for backup.folder\n'
  expect(await refusal('backup', '')).toBe(`screentrail: TARGET is empty; ${expected}`)
  expect(await refusal('drill', ' ')).toBe(`screentrail: FOLDER is empty; ${expected}`)
})

const BELOW = 'a part of its path is not a folder'

test('a file is no folder of backups, and neither is what is below one', async () => {
  const IS_FILE = 'config.yaml: it is not a folder; choose another folder\n'
  expect(await refusal('backup', 'config.yaml')).toBe(`screentrail: cannot put backups in ${IS_FILE}`)
  expect(await refusal('backup', 'config.yaml/x')).toBe(
    `screentrail: cannot put backups in config.yaml/x: ${BELOW}; choose another folder\n`,
  )
  expect(await refusal('backup', '/proc/x')).toBe(
    'screentrail: cannot put backups in /proc/x: no folder can be made there; choose another folder\n',
  )
  expect(await refusal('drill', 'config.yaml')).toBe(`screentrail: cannot look for backups in config.yaml: ${BELOW}\n`)
  expect(await refusal('restore', 'config.yaml')).toBe(
    'screentrail: config.yaml is no backup; expected a folder with a manifest.json, as `screentrail backup` makes it\n',
  )
})

test('neither is one that the config names, and doctor says so', async () => {
  const config = await readFile(folder.config, 'utf8')
  await writeFile(folder.config, config.replace('folder: data/backups', 'folder: keys/app-secret'))
  expect(await refusal('backup')).toContain('cannot put backups in keys/app-secret: it is not a folder')
  const { stdout } = await run(['doctor', '--port', '1'], folder.path)
  expect(stdout).toContain(
    `app-secret: ${BELOW}; see that backup.folder names a folder that this user can read and write\n`,
  )
})

test('a folder that is not there has no backup, and is not made', async () => {
  expect(await refusal('drill', 'typo')).toBe(
    'screentrail: there is no backup in typo; `screentrail backup` makes one\n',
  )
  expect(await refusal('restore', 'typo')).toContain('typo is no backup')
})

test('a damaged store is named, with the way out', async () => {
  await truncate(join(folder.path, 'data/screentrail.db'), 5_000)
  const { stdout, stderr, code } = await run(['backup'], folder.path)
  expect([stdout, code]).toEqual(['', 1])
  expect(stderr.replaceAll(`${folder.path}/`, '')).toBe(
    'screentrail: the store data/screentrail.db is damaged: database disk image is malformed; `screentrail restore BACKUP --replace` puts a backup in its place\n',
  )
})
