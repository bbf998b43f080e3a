import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { zstdDecompressSync } from 'node:zlib'
import fc from 'fast-check'
import { arbitraryEvents, eventOf, START } from '../../test/arbitrary-events.ts'
import { inOrder } from '../trail/derive-sessions.ts'
import type { TrailEvent } from '../trail/event.ts'
import { type ArchivedFile, openArchive } from './archive.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'screentrail-archive-'))
})
afterEach(() => rm(folder, { recursive: true }))

const DAY = '2026-03-02'
const batchOf = (events: readonly TrailEvent[]) => ({ flow: 'repair-booking', day: DAY, events })
const listed = (place = folder) => Array.fromAsync(openArchive(place).files())
const eventsIn = (file: ArchivedFile, place = folder) => Array.fromAsync(openArchive(place).read(file))
const namesIn = async (place = folder) =>
  (await readdir(place, { recursive: true, withFileTypes: true })).filter((it) => it.isFile()).map((it) => it.name)

/** By flow and day, as the retention takes them. */
const batchesOf = (events: readonly TrailEvent[]) =>
  [...Map.groupBy(events, ({ flow, at }) => `${flow} ${new Date(at).toISOString().slice(0, 10)}`)].map(
    ([key, events]) => {
      const [flow = '', day = ''] = key.split(' ')
      return { flow, day, events }
    },
  )

test('what goes in comes out, in order, with a manifest that says what it is', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryEvents, fc.nat(), async (events, number) => {
      const place = join(folder, String(number), 'deep')
      const archive = openArchive(place)
      for (const batch of batchesOf(events)) {
        const file = await archive.write(batch)
        const ordered = inOrder(batch.events)
        expect(await eventsIn(file, place)).toEqual(ordered)
        expect([file.flow, file.day, file.events]).toEqual([batch.flow, batch.day, ordered.length])
        expect([file.firstAt, file.lastAt]).toEqual([ordered[0]?.at ?? 0, ordered.at(-1)?.at ?? 0])
      }
      const found = await listed(place)
      const readBack = await Promise.all(found.map((file) => eventsIn(file, place)))
      expect(inOrder(readBack.flat())).toEqual(inOrder(events))
      await rm(join(folder, String(number)), { recursive: true, force: true })
    }),
    { numRuns: 40 },
  )
})

test('nothing is there before the first write, not even the folder', async () => {
  const place = join(folder, 'none')
  expect(await listed(place)).toEqual([])
  expect(await readdir(folder)).toEqual([])
})

test('the same events in any order are the same file, and other programs can check it', async () => {
  const events = [eventOf(), eventOf({ at: START + 1 }), eventOf({ token: 'ada', input: { note: 'żółć 🦊\n' } })]
  const first = await openArchive(folder).write(batchOf(events))
  const second = await openArchive(folder).write(batchOf(events.toReversed()))
  expect(second).toEqual(first)
  expect(await listed()).toEqual([first])
  expect((await namesIn()).sort()).toEqual([`${DAY}.${first.sha256}.json`, `${DAY}.${first.sha256}.ndjson.zst`])

  const compressed = await readFile(join(folder, first.name))
  const lines = zstdDecompressSync(compressed)
  expect(compressed.length).toBe(first.bytes)
  expect(createHash('sha256').update(lines).digest('hex')).toBe(first.sha256)
  expect(
    lines
      .toString()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual(inOrder(events))
})

test('the manifest names layout, product and instants in words', async () => {
  const { name, sha256, bytes } = await openArchive(folder).write(batchOf([eventOf()]))
  expect(JSON.parse(await readFile(join(folder, name.replace('.ndjson.zst', '.json')), 'utf8'))).toEqual({
    name,
    flow: 'repair-booking',
    day: DAY,
    events: 1,
    firstAt: '2026-03-02T09:00:00.000Z',
    lastAt: '2026-03-02T09:00:00.000Z',
    bytes,
    sha256,
    layout: 1,
    product: expect.stringMatching(/^screentrail \d+\.\d+\.\d+$/),
  })
})

test('only the owner can read it', async () => {
  const place = join(folder, 'archive')
  const { name } = await openArchive(place).write(batchOf([eventOf()]))
  const modes = await Promise.all([place, join(place, 'repair-booking'), join(place, name)].map((path) => stat(path)))
  expect(modes.map(({ mode }) => (mode & 0o777).toString(8))).toEqual(['700', '700', '600'])
})

test.each(['../../etc', '..', '', 'Größe/1', 'x'.repeat(300)])(
  'a flow that is called %j stays within the folder',
  async (flow) => {
    const events = [eventOf({ flow })]
    const file = await openArchive(folder).write({ flow, day: DAY, events })
    expect(file.name).toMatch(/^other\.[\w-]{22}\/2026-03-02\.[0-9a-f]{64}\.ndjson\.zst$/)
    expect(await listed()).toEqual([file])
    expect(await eventsIn(file)).toEqual(events)
  },
)

describe('refused in one sentence', () => {
  test.each([
    ['no events', batchOf([]), 'archive: there are no events of repair-booking on 2026-03-02 to write'],
    [
      'another day',
      batchOf([eventOf(), eventOf({ id: 'x'.repeat(43), at: START + 15 * 3_600_000 })]),
      `archive: event ${'x'.repeat(43)} is of repair-booking on 2026-03-03, but was given for repair-booking on 2026-03-02`,
    ],
    [
      'another flow',
      batchOf([eventOf({ id: 'x'.repeat(43), flow: 'feedback' })]),
      `archive: event ${'x'.repeat(43)} is of feedback on 2026-03-02, but was given for repair-booking on 2026-03-02`,
    ],
  ])('%s', async (_, batch, sentence) => {
    await expect(openArchive(folder).write(batch)).rejects.toThrow(sentence)
    expect(await listed()).toEqual([])
  })

  test('a file where the folder should be', async () => {
    const place = join(folder, 'archive')
    await writeFile(place, '')
    await expect(listed(place)).rejects.toThrow(`cannot read ${place}: a part of its path is not a folder`)
    await expect(openArchive(place).write(batchOf([eventOf()]))).rejects.toThrow(
      /^cannot write .*archive\/repair-booking\/.*: (?:there is a file of that name|a part of its path is not a folder)$/,
    )
  })

  test('a file that is damaged, cut short or gone is not read', async () => {
    const file = await openArchive(folder).write(batchOf([eventOf(), eventOf({ at: START + 1 })]))
    const path = join(folder, file.name)
    const whole = await readFile(path)
    const flipped = Buffer.from(whole)
    flipped[whole.length >> 1] = (whole[whole.length >> 1] as number) ^ 1

    await writeFile(path, flipped)
    await expect(eventsIn(file)).rejects.toThrow(/^cannot read .*: it is damaged: .*|is not what was written/)
    await writeFile(path, whole.subarray(0, whole.length - 9))
    await expect(eventsIn(file)).rejects.toThrow(/^cannot read .*: it is damaged: /)
    await writeFile(path, '')
    await expect(eventsIn(file)).rejects.toThrow(/is not what was written: its lines have the SHA-256 e3b0c442/)
    await rm(path)
    await expect(eventsIn(file)).rejects.toThrow(/^cannot read .*: there is no such file$/)
  })

  test.each([
    ['{"layout":2}', /\.json has layout 2, and this version reads up to 1; update Screentrail$/],
    ['{"layout":1}', /\.json is damaged: it does not describe a file of an archive$/],
    ['not JSON', /\.json is damaged: /],
  ])('a manifest with %s', async (text, sentence) => {
    const file = await openArchive(folder).write(batchOf([eventOf()]))
    await writeFile(join(folder, file.name.replace('.ndjson.zst', '.json')), text)
    await expect(listed()).rejects.toThrow(sentence)
  })
})

test('a full disk is told, leaves nothing, and once there is room the same events are written', async () => {
  const archive = openArchive(folder)
  const { name } = await archive.write(batchOf([eventOf()]))
  const paths = [name, name.replace('.ndjson.zst', '.json')].map((it) => join(folder, it))
  for (const path of paths) {
    for (const written of paths) await rm(written)
    // Whatever is written there meets a full disk.
    await symlink('/dev/full', `${path}.partial`)
    await expect(archive.write(batchOf([eventOf()]))).rejects.toThrow(`cannot write ${path}: the disk is full`)
    expect(await listed()).toEqual([])
    await archive.write(batchOf([eventOf()]))
    expect(await listed()).toHaveLength(1)
  }
})

test('what a killed process left half written is no file, and the next write removes it', async () => {
  await mkdir(join(folder, 'repair-booking'))
  const hash = 'a'.repeat(64)
  await writeFile(join(folder, `repair-booking/${DAY}.${hash}.ndjson.zst.partial`), 'half')
  await writeFile(join(folder, `repair-booking/${DAY}.${hash}.json.partial`), '{')
  expect(await listed()).toEqual([])
  const file = await openArchive(folder).write(batchOf([eventOf()]))
  expect(await listed()).toEqual([file])
  expect((await namesIn()).filter((name) => name.endsWith('.partial'))).toEqual([])
})

test('what killed processes left half written goes at once, wherever it is', async () => {
  for (const flow of ['repair-booking', 'feedback']) {
    await mkdir(join(folder, flow))
    await writeFile(join(folder, `${flow}/${DAY}.${'a'.repeat(64)}.ndjson.zst.partial`), 'half')
  }
  expect(await openArchive(folder).sweep(async (events) => events)).toEqual([])
  expect(await namesIn()).toEqual([])
  expect(await openArchive(join(folder, 'none')).sweep(async (events) => events)).toEqual([])
})

test('what is whole and not listed loses the events that may not be there; what cannot be read is told, and stays', async () => {
  const archive = openArchive(folder)
  const ofDays = [0, 24, 48].map((hours) =>
    [0, 1].map((ms) => eventOf({ token: `token ${hours}`, at: START + hours * 3_600_000 + ms })),
  ) as [TrailEvent[], TrailEvent[], TrailEvent[]]
  const files = await Promise.all(batchesOf(ofDays.flat()).map((batch) => archive.write(batch)))
  const [some, none, damaged] = files as [ArchivedFile, ArchivedFile, ArchivedFile]
  for (const { name } of files) await rm(join(folder, name.replace('.ndjson.zst', '.json')))
  await writeFile(join(folder, damaged.name), 'no longer what it was')
  await writeFile(join(folder, 'notes.txt'), '')
  const [gone] = ofDays[0]
  const unread = await archive.sweep(async (events) => events.filter(({ id }) => id !== gone?.id))
  expect(unread).toEqual([expect.stringContaining(`${damaged.name} is not what was written`)])
  const [left] = (await listed()) as [ArchivedFile]
  expect(await eventsIn(left)).toEqual(ofDays[0].slice(1))
  const names = [left.name, left.name.replace('.ndjson.zst', '.json'), none.name, damaged.name, 'notes.txt']
  expect((await namesIn()).sort()).toEqual(names.map((name) => basename(name)).sort())
  expect(some.name).not.toBe(left.name)
})

test('events that may not be there are not written, whenever that is told', async () => {
  const archive = openArchive(folder)
  const events = [0, 1, 2].map((index) => eventOf({ token: `token ${index}`, at: START + index }))
  const asked: number[] = []
  await archive.writeSifted(batchOf(events), async (some) => {
    asked.push(some.length)
    return some.slice(1)
  })
  expect(asked).toEqual([3, 2])
  const [file] = (await listed()) as [ArchivedFile]
  expect(await eventsIn(file)).toEqual(events.slice(2))
  expect(await namesIn()).toHaveLength(2)
  await openArchive(join(folder, 'none')).writeSifted(batchOf(events), async () => [])
  expect(await listed(join(folder, 'none'))).toEqual([])
})

test('a file is replaced by one with what is left of it, or by none', async () => {
  const archive = openArchive(folder)
  const all = [0, 1, 2, 3].map((index) => eventOf({ token: `token ${index}`, at: START + index }))
  const file = await archive.write(batchOf(all))
  await archive.replace(file, all)
  expect(await listed()).toEqual([file])
  await archive.replace(file, all.slice(1))
  const [left] = (await listed()) as [ArchivedFile]
  expect(await eventsIn(left)).toEqual(all.slice(1))
  expect(await namesIn()).toHaveLength(2)
  await archive.replace(left, [])
  expect(await namesIn()).toEqual([])
})
