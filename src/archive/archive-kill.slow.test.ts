// A process that writes to the archive, killed at any moment: what is listed can be read.

import { expect, test } from 'bun:test'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from '../../test/until.ts'
import { openArchive } from './archive.ts'

const WRITER = join(import.meta.dir, '../../test/archive-writer.ts')
/** ARCHIVE_KILLS asks for more of them. */
const KILLS = Number(Bun.env.ARCHIVE_KILLS ?? 20)

test(`killed ${KILLS} times while it writes, it lists nothing that cannot be read, and leaves nothing behind`, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'screentrail-archive-'))
  const inFlow = () => readdir(join(folder, 'repair-booking')).catch(() => [])
  try {
    let whole = 0
    for (let kill = 0; kill < KILLS; kill++) {
      const before = (await inFlow()).length
      const child = Bun.spawn([process.execPath, WRITER, folder, String(kill * 1_000)], { stderr: 'inherit' })
      // Each time a little later within the writing of a file.
      await until('it writes', async () => (await inFlow()).length > before + (kill % 5))
      for (let turn = 0; turn < kill; turn++) await new Promise((resolve) => setImmediate(resolve))
      child.kill('SIGKILL')
      await child.exited

      const archive = openArchive(folder)
      const files = await Array.fromAsync(archive.files())
      for (const file of files.slice(whole))
        expect((await Array.fromAsync(archive.read(file))).length).toBe(file.events)
      whole = files.length
    }
    expect(whole).toBeGreaterThan(KILLS)
    // Nothing that was not listed may stay.
    expect(await openArchive(folder).sweep(async () => [])).toEqual([])
    expect(await inFlow()).toHaveLength(2 * whole)
  } finally {
    await rm(folder, { recursive: true })
  }
}, 120_000)
