// The folder of an archive, whose process is killed.

import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { folderTarget } from '../src/archive/folder-target.ts'
import type { ArchiveTarget } from '../src/archive/target.ts'

/** Each write can be killed before it, half way, and after it; each removal before and after it. Later calls fail, too: nobody is there. */
export function mortalTarget(folder: string, killedAt: number): ArchiveTarget {
  const target = folderTarget(folder)
  let moment = 0
  const live = () => {
    if (moment++ >= killedAt) throw new Error('killed')
  }
  return {
    ...target,
    async put(name, bytes) {
      live()
      const path = join(folder, `${name}.partial`)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, bytes)
      live()
      await target.put(name, bytes)
      live()
    },
    async remove(name) {
      live()
      await target.remove(name)
      live()
    },
  }
}
