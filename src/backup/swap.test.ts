import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beginSwap, builtBeside, endSwap, swapFiles, unfinishedSwap } from './swap.ts'

const AT = '2026-11-28T16-55-03.123Z'

let folder: string
let files: readonly string[]
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'swap-'))
  for (const part of ['journal', 'store']) await mkdir(join(folder, part))
  files = [join(folder, 'journal/journal.db'), join(folder, 'store/trail.db')]
})
afterEach(() => rm(folder, { recursive: true }))

const write = (content: string, paths: readonly string[]) => {
  for (const path of paths) writeFileSync(path, `${content} ${path.replace(/^.*\.db/, '')}`)
}

/** All that is there, by its content. */
const contents = () =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.includes('.db'))
    .sort()
    .map((name) => `${name}: ${readFileSync(join(folder, name), 'utf8')}`)

const old = () => files.flatMap((file) => [file, `${file}-wal`, `${file}-shm`])

const SWAPPED = ['journal/journal.db', 'store/trail.db'].flatMap((file) => [
  `${file}: new .restoring`,
  `${file}.before-${AT}: old `,
  `${file}.before-${AT}-shm: old -shm`,
  `${file}.before-${AT}-wal: old -wal`,
])

test('the new files take the place, and the old ones stay with their logs', () => {
  write('old', old())
  write('new', files.map(builtBeside))
  expect(swapFiles(files, AT)).toEqual(files.map((file) => `${file}.before-${AT}`))
  expect(contents()).toEqual(SWAPPED)
})

test('where nothing was there, nothing is kept', () => {
  write('new', files.map(builtBeside))
  expect(swapFiles(files, AT)).toEqual([])
  expect(contents()).toEqual(['journal/journal.db: new .restoring', 'store/trail.db: new .restoring'])
})

test('a log without its file is not left beside the new one', () => {
  write(
    'old',
    files.map((file) => `${file}-wal`),
  )
  write('new', files.map(builtBeside))
  swapFiles(files, AT)
  expect(files.map((file) => existsSync(`${file}-wal`))).toEqual([false, false])
})

describe('cut short', () => {
  test.each([0, 1, 2, 3, 4, 5, 6, 7])('after %i renames, it is completed by the next', (steps) => {
    write('old', old())
    write('new', files.map(builtBeside))
    let done = 0
    const cut = (from: string, to: string) => {
      if (done++ === steps) throw new Error('killed')
      renameSync(from, to)
    }
    expect(() => swapFiles(files, AT, cut as typeof renameSync)).toThrow('killed')
    swapFiles(files, AT)
    expect(contents()).toEqual(SWAPPED)
  })

  test('and a file that was made since is kept as well', () => {
    write('old', files)
    write('new', files.map(builtBeside))
    const cut = (from: string, to: string) => {
      if (from.endsWith('.restoring')) throw new Error('killed')
      renameSync(from, to)
    }
    expect(() => swapFiles(files, AT, cut as typeof renameSync)).toThrow('killed')
    write('since', files.slice(0, 1))
    swapFiles(files, AT)
    expect(contents()).toContain(`journal/journal.db.before-${AT}: old `)
    expect(contents()).toContain(`journal/journal.db.before-${AT}-2: since `)
  })
})

test('the note of a swap stays until it ends', () => {
  const [journal = ''] = files
  expect(unfinishedSwap(journal)).toBeUndefined()
  beginSwap(journal, { backup: 'b', store: 's', at: AT })
  expect(unfinishedSwap(journal)).toEqual({ backup: 'b', store: 's', at: AT })
  endSwap(journal)
  expect(unfinishedSwap(journal)).toBeUndefined()
})

test('a note that says nothing is named', () => {
  const [journal = ''] = files
  writeFileSync(`${journal}.restore`, '')
  expect(() => unfinishedSwap(journal)).toThrow(/journal\.db\.restore is damaged; move it away/)
})
