import { afterEach, beforeEach, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { claim } from './lease.ts'
import { openSqliteQueryStore } from './sqlite/sqlite.ts'
import type { Store } from './store.ts'

let folder: string
let store: Store
let now: number
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'screentrail-lease-'))
  store = await openSqliteQueryStore(join(folder, 'store.db'))
  now = 1_000
})
afterEach(async () => {
  await store.close()
  rmSync(folder, { recursive: true })
})

const claimAs = (process: number, gone: readonly number[] = []) =>
  claim(
    store,
    'work',
    { host: 'here', process },
    { clock: () => now, isGone: (holder) => gone.includes(holder.process) },
  )

test('who comes second is told who was first, until that one is done', async () => {
  const first = await claimAs(1)
  expect(await claimAs(2)).toEqual({ ok: false, holder: { host: 'here', process: 1, since: 1_000 } })
  if (first.ok) await first.lease.release()
  expect((await claimAs(2)).ok).toBe(true)
})

test('of many at once exactly one gets it', async () => {
  const claims = await Promise.all([1, 2, 3, 4, 5].map((process) => claimAs(process)))
  expect(claims.filter(({ ok }) => ok)).toHaveLength(1)
})

test('it lapses a minute after it was last renewed', async () => {
  const first = await claimAs(1)
  for (let quarter = 0; quarter < 8; quarter++) {
    now += 20_000
    if (first.ok) await first.lease.renew()
    expect((await claimAs(2)).ok).toBe(false)
  }
  now += 60_000
  expect((await claimAs(2)).ok).toBe(true)
})

test('who is known to be gone holds up nobody', async () => {
  await claimAs(1)
  expect((await claimAs(2, [3])).ok).toBe(false)
  expect((await claimAs(2, [1])).ok).toBe(true)
  expect(await claimAs(3)).toMatchObject({ ok: false, holder: { process: 2 } })
})
