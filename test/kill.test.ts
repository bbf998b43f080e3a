// The promise: what a user was answered is in the store exactly once, whenever the process is killed.

import { expect, test } from 'bun:test'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { openJournal } from '../src/journal/journal.ts'
import { isBalanced } from '../src/journal/ledger.ts'
import { sha256 } from '../src/lib/ids.ts'
import { parseProfile } from '../src/simulate/profile.ts'
import { simulate } from '../src/simulate/run.ts'
import { openSqliteStore } from '../src/store/sqlite/sqlite.ts'
import { makeFolder } from './kit.ts'
import { serve } from './process.ts'

const ROUNDS = 5

test('kill -9 in the middle of a crowd loses no acknowledged event and doubles none', async () => {
  const folder = await makeFolder()
  const { flows, config } = await folder.load()
  const flow = flows.values().next().value
  const profile = parseProfile({ double_tap: 0.2 }, flow as never)
  if (!flow || !profile.ok) throw new Error('the example has a flow and the profile is good')

  const acknowledged = new Set<string>()
  for (let round = 0; round < ROUNDS; round++) {
    const server = await serve(folder)
    const killAfter = acknowledged.size + 40 + round * 37
    const stop = new AbortController()
    let killed: Promise<void> | undefined
    await simulate(
      {
        flow,
        url: `http://localhost:${server.port}/flows/${flow.key}`,
        publicKey: folder.publicKey,
        appSecret: folder.appSecret,
        profile: profile.profile,
        timezone: config.server.timezone,
        sessions: 1_000,
        concurrency: 16,
        seed: `kill ${round}`,
        run: `kill-${round}`,
        pace: 0,
      },
      {
        fetch,
        now: () => performance.now(),
        sleep: (ms, signal) => setTimeout(ms, undefined, signal && { signal }).catch(() => undefined),
        signal: stop.signal,
        onReply({ kind, body, status }) {
          if (kind === 'ping' || status !== 200) return
          acknowledged.add(sha256(body))
          if (acknowledged.size < killAfter || killed) return
          killed = server.kill()
          stop.abort()
        },
      },
    )
    await killed
  }
  const server = await serve(folder)
  expect(await server.stop()).toBe(0)

  const journal = await openJournal({ file: config.journal.file, durability: 'disk', onCommit() {} })
  const ledger = await journal.ledger()
  await journal.close()
  const store = await openSqliteStore(join(folder.path, 'data/screentrail.db'))
  const stored = new Map<string, number>()
  let after: string | undefined
  do {
    const page = await store.events({ limit: 1_000, ...(after && { after }) })
    for (const event of page.items) stored.set(event.id, (stored.get(event.id) ?? 0) + 1)
    after = page.next
  } while (after)
  await store.close()
  await folder.remove()

  expect(acknowledged.size).toBeGreaterThan(ROUNDS * 40)
  expect([...acknowledged].filter((id) => stored.get(id) !== 1)).toEqual([])
  expect(ledger).toMatchObject({ waiting: 0, dropped: 0, quarantined: 0 })
  expect(isBalanced(ledger)).toBe(true)
}, 60_000)
