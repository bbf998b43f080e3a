// The archive in a bucket, on a server that speaks S3.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import { S3Client } from 'bun'
import pMap from 'p-map'
import { eventOf, START } from '../../test/arbitrary-events.ts'
import { makeFolder } from '../../test/kit.ts'
import { run } from '../../test/process.ts'
import { type S3, startS3 } from '../../test/s3.ts'
import { openArchive } from './archive.ts'

let s3: S3
beforeAll(async () => {
  s3 = await startS3('cold')
})
afterAll(() => s3.close())

const archiveAt = (place: string) => openArchive(place, s3.access)
const bucket = () => new S3Client({ ...s3.access, bucket: 'cold' })
const visits = (count: number) =>
  Array.from({ length: count }, (_, index) => eventOf({ token: `token ${index}`, at: START + index }))
const batchOf = (events = visits(3)) => ({ flow: 'repair-booking', day: '2026-03-02', events })
const listed = (place: string) => Array.fromAsync(archiveAt(place).files())

test.each([
  ['s3://cold', ''],
  ['s3://cold/deep/er', 'deep/er/'],
  ['s3://cold/slash//', 'slash/'],
])('%s keeps what it is given', async (place, prefix) => {
  const archive = archiveAt(place)
  expect(await listed(place)).toEqual([])
  const file = await archive.write(batchOf())
  expect(await archive.write(batchOf(visits(3).reverse()))).toEqual(file)
  expect(await listed(place)).toEqual([file])
  expect(await Array.fromAsync(archive.read(file))).toEqual(visits(3))

  await bucket().delete(prefix + file.name)
  await expect(Array.fromAsync(archive.read(file))).rejects.toThrow(
    /^cannot read s3:\/\/cold\/.*: there is no such file$/,
  )
  await bucket().delete(prefix + file.name.replace('.ndjson.zst', '.json'))
  expect(await listed(place)).toEqual([])
})

test('a file is replaced by one with what is left of it, or by none, also where it is not listed', async () => {
  const archive = archiveAt('s3://cold/replaced')
  const rest = visits(3).slice(1)
  const file = await archive.write(batchOf())
  await archive.replace(file, rest)
  const [left] = await listed('s3://cold/replaced')
  expect(await Array.fromAsync(archive.read(left as typeof file))).toEqual(rest)
  await archive.replace(left as typeof file, [])
  const { contents = [] } = await bucket().list({ prefix: 'replaced/' })
  expect(contents).toEqual([])

  const { name } = await archive.write(batchOf())
  await bucket().delete(`replaced/${name.replace('.ndjson.zst', '.json')}`)
  expect(await archive.sweep(async (events) => events.slice(1))).toEqual([])
  const [swept] = await listed('s3://cold/replaced')
  expect(await Array.fromAsync(archive.read(swept as typeof file))).toEqual(rest)
})

test('a list of several pages is read to its end', async () => {
  const client = bucket()
  await pMap(Array.from({ length: 1_005 }), (_, index) => client.write(`many/aaa/${index}`, 'x'), { concurrency: 8 })
  const file = await archiveAt('s3://cold/many').write(batchOf())
  expect(await listed('s3://cold/many')).toEqual([file])
}, 120_000)

test('a bucket or a server that is not there is told in one sentence', async () => {
  await expect(archiveAt('s3://none/x').write(batchOf())).rejects.toThrow(
    /^cannot write s3:\/\/none\/x\/repair-booking\/.*: there is no such bucket; make it, or name another$/,
  )
  await expect(listed('s3://none')).rejects.toThrow(/^cannot list s3:\/\/none: there is no such bucket/)
})

test('import takes it back', async () => {
  const folder = await makeFolder()
  try {
    await archiveAt('s3://cold/import').write(batchOf(visits(700)))
    const first = await run(['import', 's3://cold/import'], folder.path, s3.env)
    expect([first.stderr.includes('cannot'), first.stdout]).toEqual([
      false,
      expect.stringMatching(/^700 events read, 700 new, 0 known already, 0 refused, in .+\n$/),
    ])
    const none = await run(['import', 's3://cold/none'], folder.path, s3.env)
    expect(none.stderr).toBe(
      'screentrail: s3://cold/none has nothing to import: no archive, no .ndjson and no .csv file\n',
    )
    const keys = { S3_ACCESS_KEY_ID: '', S3_SECRET_ACCESS_KEY: '', AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' }
    const closed = await run(['import', 's3://cold/import'], folder.path, keys)
    expect(closed.stderr).toBe(
      'screentrail: cannot list s3://cold/import: there is no access key; set S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY\n',
    )
  } finally {
    await folder.remove()
  }
}, 120_000)
