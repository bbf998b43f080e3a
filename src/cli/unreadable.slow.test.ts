// Files that are there, and that the command may not read: what helps is to let it, and not to make new ones.

import { expect, test } from 'bun:test'
import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolder } from '../../test/kit.ts'
import { run } from '../../test/process.ts'

/** Root may read anything, so there it runs as somebody else. */
const isRoot = process.getuid?.() === 0
const asNobody = isRoot ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : []
const user = isRoot ? 65534 : process.getuid?.()
const canBeRefused = Bun.spawnSync([...asNobody, process.execPath, '--version']).exitCode === 0
if (!canBeRefused) console.log('unreadable.slow.test.ts skipped: another user cannot run Bun from here')

test.skipIf(!canBeRefused).each(['check', 'serve'])(
  '%s names the user who may not read a key',
  async (command) => {
    const folder = await makeFolder()
    try {
      if (isRoot) await Bun.$`chown -R 65534:65534 ${folder.path}`
      for (const key of ['flow-private.pem', 'pseudonym.key']) {
        const file = join(folder.path, 'keys', key)
        await chmod(file, 0o000)
        const { stderr, code } = await run([command, '-c', folder.config], folder.path, {}, '', asNobody)
        await chmod(file, 0o600)
        expect(code).toBe(1)
        expect(stderr).toMatch(
          /cannot read .+: permission denied; let this user, \d+, read it, and enter the folders above it\n$/,
        )
        expect(stderr).toContain(`this user, ${user},`)
        expect(stderr).not.toContain('makes one')
      }
      await chmod(folder.config, 0o000)
      const { stderr } = await run([command, '-c', folder.config], folder.path, {}, '', asNobody)
      expect(stderr).toContain(`cannot read the config: permission denied; let this user, ${user}, read it`)
    } finally {
      await folder.remove()
    }
  },
  60_000,
)
