// SQLite's write-ahead log (-wal), read where SQLite itself gives up. Its format: https://sqlite.org/fileformat2.html#walformat
//
// SQLite takes the frames of a log, a page each, up to the first whose checksum is wrong, and forgets the others without a word:
// after a power cut that is the half-written end. But the newest entries are in there, and when the disk has damaged a frame
// in the middle, all that was acknowledged after it would be gone. The index of the log (-shm) outlives a killed process and
// tells how many frames there were.

import { closeSync, existsSync, openSync, readSync, writeSync } from 'node:fs'
import { endianness } from 'node:os'

export const DATABASE_PAGE_BYTES = 4096

/** What is wrong with the file's log, of which SQLite would read only a part; undefined when nothing is. */
export function damagedLog(file: string): string | undefined {
  const { committed, readable } = examine(file)
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
export function writeLogFor(target: string, file: string, pages: number, firstPage?: Uint8Array): WrittenPages {
  const log = startLog(`${target}-wal`, pages)
  try {
    const { committed, readable, moved } = examine(file)
    // What was moved to the file is newer there than in a log that has lost some of its frames.
    const from = readable === committed ? 0 : moved
    let index = 0
    let isCommitWhole = true
    let isNewest = committed <= from
    for (const { page, bytes, isWhole, endsCommit } of framesOf(file)) {
      index++
      isCommitWhole &&= isWhole
      if (index === committed) isNewest = isCommitWhole
      if (endsCommit) isCommitWhole = true
      if (index > from && index <= committed && isWhole) log.add(page, bytes)
    }
    if (firstPage) log.add(1, firstPage)
    return { pages: log.end(), isNewest }
  } finally {
    log.close()
  }
}

type Frame = {
  readonly page: number
  readonly endsCommit: boolean
  /** Good until the next frame is asked for. */
  readonly bytes: Uint8Array
  readonly isWhole: boolean
}

type Sum = readonly [number, number]

const HEADER_BYTES = 32
const FRAME_HEADER_BYTES = 24
/** Its last bit says that checksums are made of big-endian numbers. */
const MAGIC = 0x377f0682
const VERSION = 3_007_000
/** The index is in the byte order of the machine, and logs are, too. */
const IS_LITTLE = endianness() === 'LE'

function examine(file: string): { committed: number; readable: number; moved: number } {
  const index = readIndex(file)
  let readable = 0
  let count = 0
  let isUnbroken = readHeader(`${file}-wal`)?.isWhole ?? false
  for (const { endsCommit, isWhole } of framesOf(file)) {
    count++
    isUnbroken &&= isWhole
    if (isUnbroken && endsCommit) readable = count
  }
  const indexed = index?.frames ?? 0
  return { committed: Math.max(readable, indexed), readable, moved: index?.moved ?? 0 }
}

function* framesOf(file: string): Generator<Frame> {
  const path = `${file}-wal`
  const header = readHeader(path)
  if (!header) return
  const salt = readIndex(file)?.salt ?? header.salt
  const descriptor = openSync(path, 'r')
  try {
    const head = Buffer.alloc(FRAME_HEADER_BYTES)
    const bytes = Buffer.alloc(DATABASE_PAGE_BYTES)
    let sum = header.sum
    for (let at = HEADER_BYTES; ; at += FRAME_HEADER_BYTES + DATABASE_PAGE_BYTES) {
      if (readSync(descriptor, head, 0, FRAME_HEADER_BYTES, at) < FRAME_HEADER_BYTES) return
      if (readSync(descriptor, bytes, 0, DATABASE_PAGE_BYTES, at + FRAME_HEADER_BYTES) < DATABASE_PAGE_BYTES) return
      const expected = add(bytes, add(head.subarray(0, 8), sum, header.isLittle), header.isLittle)
      // The next one goes by what is written here, so that one damaged frame does not take all others with it.
      sum = [head.readUInt32BE(16), head.readUInt32BE(20)]
      const isWhole = head.subarray(8, 16).equals(salt) && isSame(sum, expected)
      yield { page: head.readUInt32BE(0), endsCommit: head.readUInt32BE(4) > 0, bytes, isWhole }
    }
  } finally {
    closeSync(descriptor)
  }
}

/** Undefined when there is no log, or less than the beginning of one. */
function readHeader(path: string): { salt: Buffer; sum: Sum; isLittle: boolean; isWhole: boolean } | undefined {
  const header = readStart(path, HEADER_BYTES)
  if (!header) return undefined
  const sum: Sum = [header.readUInt32BE(24), header.readUInt32BE(28)]
  const magic = header.readUInt32BE(0)
  const isOfLog = magic >>> 1 === MAGIC >>> 1
  const isLittle = isOfLog ? (magic & 1) === 0 : IS_LITTLE
  const isWhole = isOfLog && isSame(sum, add(header.subarray(0, 24), [0, 0], isLittle))
  return { salt: header.subarray(16, 24), sum, isLittle, isWhole }
}

/**
 * What the index says: how many frames were committed, and how many of them were moved to the file already. It is written
 * twice, with a checksum. One that is damaged, or of an older log, says nothing.
 */
function readIndex(file: string): { frames: number; moved: number; salt: Buffer } | undefined {
  const index = readStart(`${file}-shm`, 2 * INDEX_BYTES + 4)
  if (!index) return undefined
  const first = index.subarray(0, INDEX_BYTES)
  const number = (at: number) => (IS_LITTLE ? index.readUInt32LE(at) : index.readUInt32BE(at))
  const isTwice = first.equals(index.subarray(INDEX_BYTES, 2 * INDEX_BYTES))
  const isIntact = isTwice && isSame([number(40), number(44)], add(first.subarray(0, 40), [0, 0], IS_LITTLE))
  if (!isIntact || index[12] !== 1) return undefined
  const salt = first.subarray(32, 40)
  const header = readHeader(`${file}-wal`)
  if (header?.isWhole && !header.salt.equals(salt)) return undefined
  const frames = number(16)
  return { frames, moved: Math.min(frames, number(2 * INDEX_BYTES)), salt }
}

const INDEX_BYTES = 48

function readStart(path: string, length: number): Buffer | undefined {
  if (!existsSync(path)) return undefined
  const descriptor = openSync(path, 'r')
  try {
    const bytes = Buffer.alloc(length)
    return readSync(descriptor, bytes, 0, length, 0) === length ? bytes : undefined
  } finally {
    closeSync(descriptor)
  }
}

/** All frames make up one commit. */
function startLog(path: string, pages: number) {
  const descriptor = openSync(path, 'w', 0o600)
  const header = Buffer.alloc(HEADER_BYTES)
  const salt = [1, 2] as const
  for (const [index, value] of [MAGIC, VERSION, DATABASE_PAGE_BYTES, 0, ...salt].entries())
    header.writeUInt32BE(value, 4 * index)
  let sum = add(header.subarray(0, 24), [0, 0], true)
  header.writeUInt32BE(sum[0], 24)
  header.writeUInt32BE(sum[1], 28)
  writeSync(descriptor, header)

  let last = pages
  let held: { page: number; bytes: Buffer } | undefined
  const write = (total: number) => {
    if (!held) return
    const head = Buffer.alloc(FRAME_HEADER_BYTES)
    for (const [index, value] of [held.page, total, ...salt].entries()) head.writeUInt32BE(value, 4 * index)
    sum = add(held.bytes, add(head.subarray(0, 8), sum, true), true)
    head.writeUInt32BE(sum[0], 16)
    head.writeUInt32BE(sum[1], 20)
    writeSync(descriptor, head)
    writeSync(descriptor, held.bytes)
  }

  return {
    add(page: number, bytes: Uint8Array): void {
      write(0)
      held = { page, bytes: Buffer.from(bytes) }
      last = Math.max(last, page)
    },
    end(): number {
      write(last)
      return last
    },
    close: () => closeSync(descriptor),
  }
}

const isSame = (one: Sum, other: Sum): boolean => one[0] === other[0] && one[1] === other[1]

/** The checksum goes over numbers of 32 bits, two at a time. */
function add(bytes: Uint8Array, [start, more]: Sum, isLittle: boolean): Sum {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let [a, b] = [start, more]
  for (let at = 0; at < bytes.byteLength; at += 8) {
    a = (a + view.getUint32(at, isLittle) + b) >>> 0
    b = (b + view.getUint32(at + 4, isLittle) + a) >>> 0
  }
  return [a, b]
}
