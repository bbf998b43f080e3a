// Backups in a bucket, on a server that speaks S3.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { S3Client } from 'bun'
import { bookedTrail, RULES } from '../../test/admin-kit.ts'
import { eventOf, START } from '../../test/arbitrary-events.ts'
import { configWith, type Folder, makeFolder } from '../../test/kit.ts'
import { run } from '../../test/process.ts'
import { type S3, startS3 } from '../../test/s3.ts'
import { storedIds } from '../../test/stored.ts'
import { WALK } from '../../test/walk.ts'
import { openSqliteStore } from '../store/sqlite/sqlite.ts'

const PLACE = 's3://kept/back/ups'

let s3: S3
let folder: Folder
let client: S3Client
beforeAll(async () => {
  s3 = await startS3('kept')
  client = new S3Client({ ...s3.access, bucket: 'kept' })
  folder = await makeFolder(configWith(WALK))
  await record(bookedTrail('first', START))
  // Larger than a part of an upload.
  await record(
    Array.from({ length: 900 }, (_, at) => eventOf({ token: `t${at}`, at: START + at, input: { note: noise() } })),
  )
})
afterAll(async () => {
  await s3.close()
  await folder.remove()
})

const noise = () => Buffer.from(crypto.getRandomValues(new Uint8Array(9_000))).toString('base64')
const file = () => join(folder.path, 'data/screentrail.db')
const screentrail = (...args: string[]) => run(args, folder.path, s3.env)
const keys = async () =>
  ((await client.list({ prefix: 'back/ups/' })).contents ?? []).map(({ key }) => key.slice(9)).sort()

async function record(events: Parameters<Awaited<ReturnType<typeof openSqliteStore>>['record']>[0]): Promise<void> {
  const store = await openSqliteStore(file())
  await store.record(events, RULES)
  await store.close()
}

test('are whole, can be drilled and restored from there, and leave nothing behind on the way', async () => {
  const empty = await screentrail('drill', PLACE)
  expect(empty.stderr).toContain(`there is no backup in ${PLACE}; \`screentrail backup ${PLACE}\` makes one`)
  const made = await screentrail('backup', PLACE)
  expect([made.stderr, made.code]).toEqual(['', 0])
  const name = /s3:\/\/kept\/back\/ups\/(\S+Z): 906 events in /.exec(made.stdout)?.[1] ?? ''
  expect(await keys()).toEqual(['journal.db', 'manifest.json', 'store.db'].map((each) => `${name}/${each}`))

  const before = await storedIds(`sqlite:${file()}`)
  await record(bookedTrail('later', START + 1_000_000))
  const drilled = await screentrail('drill', PLACE)
  expect([drilled.stderr, drilled.code]).toEqual(['', 0])
  expect(drilled.stdout).toContain('as it says; the reports say the same')
  const restored = await screentrail('restore', `${PLACE}/${name}`, '--replace')
  expect([restored.stderr, restored.code]).toEqual(['', 0])
  expect(await storedIds(`sqlite:${file()}`)).toEqual(before)
  expect(await readdir(join(folder.path, 'data/backups/passing-through'))).toEqual(['.lock'])
}, 120_000)

test('that are not whole are none, and one that was changed is refused', async () => {
  const { stdout } = await screentrail('backup', PLACE)
  const name = /s3:\/\/kept\/back\/ups\/(\S+Z)/.exec(stdout)?.[1] ?? ''
  await client.write(`back/ups/${name}/journal.db`, 'another content')
  const changed = await screentrail('restore', `${PLACE}/${name}`, '--replace')
  expect(changed.code).toBe(1)
  expect(changed.stderr).toMatch(/journal\.db is not as the backup was made/)
  await client.delete(`back/ups/${name}/manifest.json`)
  const gone = await screentrail('restore', `${PLACE}/${name}`, '--replace')
  expect(gone.stderr).toBe(`screentrail: cannot fetch ${PLACE}/${name}/manifest.json: there is no such file\n`)
  const elsewhere = await screentrail('backup', 's3://none/x')
  expect(elsewhere.stderr).toMatch(
    /^screentrail: cannot write s3:\/\/none\/x\/\S+: there is no such bucket; make it, or name another\n$/,
  )
  expect((await screentrail('doctor', '--port', '1')).stdout).toMatch(/^ok +store /m)
}, 120_000)
