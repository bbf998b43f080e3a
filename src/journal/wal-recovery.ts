// SQLite's write-ahead log (-wal), read where SQLite itself gives up. Its format: https://sqlite.org/fileformat2.html#walformat
//
// SQLite takes the frames of a log, a page each, up to the first whose checksum is wrong, and forgets the others without a word:
// after a power cut that is the half-written end. But the newest entries are in there, and when the disk has damaged a frame
// in the middle, all that was acknowledged after it would be gone. The index of the log (-shm) outlives a killed process and
// tells how many frames there were.

import { closeSync, existsSync, openSync, readSync, writeSync } from 'node:fs'

export const DATABASE_PAGE_BYTES = 4096

/** What is wrong with the file's log, of which SQLite would read only a part; undefined when nothing is. */
export function damagedLog(file: string): string | undefined {
  const { committed, readable } = readLog(file)
  const pages = committed - readable
  if (pages === 0) return undefined
  return `${pages} ${pages === 1 ? 'page' : 'pages'} of its -wal ${pages === 1 ? 'is' : 'are'} missing or damaged`
}

export type WrittenPages = {
  /** How many the file has with the log. */
  readonly pages: number
  /** Whether the last commit is in it as a whole. */
  readonly isNewest: boolean
}

/**
 * Writes a log for `target` with every committed frame of the file's log that is whole, and after them `firstPage` in place of
 * page 1. Read through such a log, a file shows all that can be had of it, and stays as it is. `pages`: how many it has.
 */
export function writeLogFor(target: string, file: string, pages: number, firstPage?: Buffer): WrittenPages {
  const { frames, committed, readable, moved } = readLog(file)
  // What was moved to the file is newer there than in a log that has lost some of its frames.
  const from = readable === committed ? 0 : moved
  const saved = frames.slice(from, committed).filter(({ isWhole }) => isWhole)
  const all = saved.reduce((most, { page }) => Math.max(most, page), pages)
  writeLog(`${target}-wal`, all, function* () {
    for (const { page, at } of saved) yield [page, readAt(`${file}-wal`, at, DATABASE_PAGE_BYTES) as Buffer]
    if (firstPage) yield [1, firstPage]
  })
  const lastCommit = frames.findLastIndex(({ endsCommit }, index) => endsCommit && index < committed - 1) + 1
  const isNewest =
    frames.length < committed ? committed <= from : frames.slice(lastCommit, committed).every(({ isWhole }) => isWhole)
  return { pages: all, isNewest }
}

type Log = {
  readonly frames: readonly Frame[]
  readonly committed: number
  /** How many of them SQLite reads. */
  readonly readable: number
  /** How many of them were moved to the file already. */
  readonly moved: number
}

type Frame = {
  readonly page: number
  /** Where its content is in the log. */
  readonly at: number
  readonly isWhole: boolean
  readonly endsCommit: boolean
}

type Sum = readonly [number, number]

const HEADER_BYTES = 32
const FRAME_HEADER_BYTES = 24
const FRAME_BYTES = FRAME_HEADER_BYTES + DATABASE_PAGE_BYTES
/** It says that checksums are made of little-endian numbers, as on every machine that Bun runs on. */
const MAGIC = 0x377f0682
const VERSION = 3_007_000

function readLog(file: string): Log {
  const path = `${file}-wal`
  const header = readHeader(path)
  const index = readIndex(`${file}-shm`, header)
  const frames: Frame[] = []
  let readable = 0
  if (header) {
    const salt = index?.salt ?? header.salt
    let { sum, isWhole: isUnbroken } = header
    for (let at = HEADER_BYTES; ; at += FRAME_BYTES) {
      const frame = readAt(path, at, FRAME_BYTES)
      if (!frame) break
      const expected = add(frame.subarray(FRAME_HEADER_BYTES), add(frame.subarray(0, 8), sum))
      // The next one goes by what is written here, so that one damaged frame does not take all others with it.
      sum = [frame.readUInt32BE(16), frame.readUInt32BE(20)]
      const isWhole = frame.subarray(8, 16).equals(salt) && isSame(sum, expected)
      const endsCommit = frame.readUInt32BE(4) > 0
      frames.push({ page: frame.readUInt32BE(0), at: at + FRAME_HEADER_BYTES, isWhole, endsCommit })
      isUnbroken &&= isWhole
      if (isUnbroken && endsCommit) readable = frames.length
    }
  }
  return { frames, committed: Math.max(readable, index?.frames ?? 0), readable, moved: index?.moved ?? 0 }
}

type Header = { readonly salt: Buffer; readonly sum: Sum; readonly isWhole: boolean }

/** Undefined when there is no log, or less than the beginning of one. */
function readHeader(path: string): Header | undefined {
  const header = readAt(path, 0, HEADER_BYTES)
  if (!header) return undefined
  const sum: Sum = [header.readUInt32BE(24), header.readUInt32BE(28)]
  const isWhole = header.readUInt32BE(0) === MAGIC && isSame(sum, add(header.subarray(0, 24)))
  return { salt: header.subarray(16, 24), sum, isWhole }
}

/**
 * What the index says: how many frames were committed, and how many of them were moved to the file already. It is written
 * twice, with a checksum. One that is damaged, or of an older log, says nothing.
 */
function readIndex(path: string, header?: Header): { frames: number; moved: number; salt: Buffer } | undefined {
  const index = readAt(path, 0, 2 * INDEX_BYTES + 4)
  if (!index) return undefined
  const first = index.subarray(0, INDEX_BYTES)
  const isTwice = first.equals(index.subarray(INDEX_BYTES, 2 * INDEX_BYTES))
  const isIntact = isTwice && isSame([index.readUInt32LE(40), index.readUInt32LE(44)], add(first.subarray(0, 40)))
  if (!isIntact || index[12] !== 1) return undefined
  const salt = first.subarray(32, 40)
  if (header?.isWhole && !header.salt.equals(salt)) return undefined
  const frames = index.readUInt32LE(16)
  return { frames, moved: Math.min(frames, index.readUInt32LE(2 * INDEX_BYTES)), salt }
}

const INDEX_BYTES = 48

/** Undefined when the file is missing or shorter. */
export function readAt(path: string, at: number, length: number): Buffer | undefined {
  if (!existsSync(path)) return undefined
  const descriptor = openSync(path, 'r')
  try {
    const bytes = Buffer.alloc(length)
    return readSync(descriptor, bytes, 0, length, at) === length ? bytes : undefined
  } finally {
    closeSync(descriptor)
  }
}

/** `pages`: how many the database has. */
function writeLog(path: string, pages: number, frames: () => Iterable<readonly [page: number, bytes: Buffer]>): void {
  const salt = numbers(1, 2)
  const header = Buffer.concat([numbers(MAGIC, VERSION, DATABASE_PAGE_BYTES, 0), salt])
  const descriptor = openSync(path, 'w', 0o600)
  try {
    let sum = add(header)
    writeSync(descriptor, Buffer.concat([header, numbers(...sum)]))
    for (const [page, bytes] of frames()) {
      // With the number of pages, each frame is a commit of its own.
      const head = numbers(page, pages)
      sum = add(bytes, add(head, sum))
      writeSync(descriptor, Buffer.concat([head, salt, numbers(...sum), bytes]))
    }
  } finally {
    closeSync(descriptor)
  }
}

function numbers(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length)
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, 4 * index)
  return bytes
}

const isSame = (one: Sum, other: Sum): boolean => one[0] === other[0] && one[1] === other[1]

/** The checksum goes over numbers of 32 bits, two at a time. */
function add(bytes: Buffer, [start, more]: Sum = [0, 0]): Sum {
  let [a, b] = [start, more]
  for (let at = 0; at < bytes.length; at += 8) {
    a = (a + bytes.readUInt32LE(at) + b) >>> 0
    b = (b + bytes.readUInt32LE(at + 4) + a) >>> 0
  }
  return [a, b]
}
