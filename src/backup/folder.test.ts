import { afterEach, beforeEach, expect, test } from 'bun:test'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { backupsIn, findBackup, inFolder, newBackup, newestBackup, removeOld } from './folder.ts'

const name = (day: number, ending = '') => `2026-11-${String(day).padStart(2, '0')}T00-00-00.000Z${ending}`

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backups-'))
})
afterEach(() => rm(folder, { recursive: true }))

const make = (...names: readonly string[]) => {
  for (const each of names) {
    mkdirSync(join(folder, each))
    writeFileSync(join(folder, each, 'manifest.json'), '{}')
  }
}

test('only what has the name and the manifest of a backup is one', () => {
  make(name(2), name(1), name(3, '.partial'), 'mine')
  mkdirSync(join(folder, name(4)))
  expect(backupsIn(folder)).toEqual([name(1), name(2)])
  expect(backupsIn(join(folder, 'none'))).toEqual([])
})

test('the newest stay, and the one that was just made, whatever its clock said', () => {
  make(...[1, 2, 3, 4, 5].map((day) => name(day)))
  expect(removeOld(folder, 3, name(5))).toEqual([name(1), name(2)])
  expect(backupsIn(folder)).toEqual([3, 4, 5].map((day) => name(day)))
  expect(removeOld(folder, 1, name(3))).toEqual([name(4), name(5)])
  expect(readdirSync(folder)).toEqual([name(3)])
})

test('what killed ones left is removed, and nothing else', async () => {
  make(name(1), name(2, '.partial'), name(3, '.drill'), name(4, '.removed'), 'mine.partial')
  await inFolder(folder, async () => {
    expect(
      readdirSync(folder)
        .filter((each) => !each.startsWith('.lock'))
        .sort(),
    ).toEqual([name(1), 'mine.partial'])
  })
})

test('one at a time, and the next when it is done', async () => {
  await inFolder(folder, async () => {
    await expect(inFolder(folder, async () => {})).rejects.toThrow(`another backup or drill is at work in ${folder}`)
  })
  expect(await inFolder(folder, async () => 1)).toBe(1)
})

test('two of the same millisecond have two names', () => {
  const now = Date.parse('2026-11-28T16:55:03.123Z')
  const first = newBackup(folder, now)
  expect(first.name).toBe('2026-11-28T16-55-03.123Z')
  mkdirSync(first.path)
  expect(newBackup(folder, now).name).toBe('2026-11-28T16-55-03.124Z')
  expect(existsSync(first.partial)).toBe(true)
})

test('what is no backup is refused, and the newest one named', () => {
  expect(() => findBackup('gone', folder)).toThrow('gone is no backup; expected a folder with a manifest.json')
  expect(() => newestBackup(folder)).toThrow(`there is no backup in ${folder}; \`screentrail backup\` makes one`)
  make(name(1), name(2))
  expect(() => findBackup('gone', folder)).toThrow(`the newest one in ${folder} is ${name(2)}`)
  expect(() => findBackup(folder, '/none')).toThrow(`the newest one in ${folder} is ${name(2)}`)
  expect(() => newestBackup(folder)).toThrow(`${join(folder, name(2), 'manifest.json')} is no manifest`)
})
