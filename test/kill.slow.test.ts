// The promise: what a user was answered is in the store exactly once, whenever the process is killed.

import { expect, test } from 'bun:test'
import { isBalanced } from '../src/journal/ledger.ts'
import { killRounds } from './kill-loop.ts'
import { makeFolder } from './kit.ts'
import { stores } from './stores.ts'

test.each(stores)(
  'kill -9 in the middle of a crowd loses no acknowledged event and doubles none: %s',
  async (_, uri) => {
    const folder = await makeFolder(undefined, uri())
    const { acknowledged, stored, lost, doubled, ledger } = await killRounds(folder, [40, 77, 114, 151, 188])
    await folder.remove()

    expect(acknowledged).toBeGreaterThan(500)
    expect(stored).toBeGreaterThanOrEqual(acknowledged)
    expect({ lost, doubled }).toEqual({ lost: 0, doubled: 0 })
    expect(ledger).toMatchObject({ waiting: 0, dropped: 0, quarantined: 0 })
    expect(isBalanced(ledger)).toBe(true)
  },
  60_000,
)
