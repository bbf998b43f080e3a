// Places that `backup`, `drill` and `restore` cannot use: each is named in a sentence, and nothing is left there.

import { afterEach, beforeEach, expect, test } from 'bun:test'
import { readdirSync } from 'node:fs'
import { type Folder, makeFolder } from '../../test/kit.ts'
import { run } from '../../test/process.ts'
import { createLog } from '../lib/log.ts'
import { openStore } from '../store/open.ts'

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
