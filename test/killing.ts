// The server killed again and again in the middle of a crowd, and an account of what became of every answered request.

import { setTimeout } from 'node:timers/promises'
import { openJournal } from '../src/journal/journal.ts'
import type { Ledger } from '../src/journal/ledger.ts'
import { sha256 } from '../src/lib/ids.ts'
import { createLog } from '../src/lib/log.ts'
import { parseProfile } from '../src/simulate/profile.ts'
import { simulate } from '../src/simulate/run.ts'
import { openStore } from '../src/store/open.ts'
import type { Folder } from './kit.ts'
import { serve } from './process.ts'

export type Account = {
  /** Events whose replies the client had in hand. */
  readonly acknowledged: number
  readonly stored: number
  /** Acknowledged and not stored. */
  readonly lost: number
  /** Stored more than once. */
  readonly doubled: number
  readonly ledger: Ledger
}

/** `killAfter`: how many replies each round gets before the server is killed with SIGKILL. */
export async function killRounds(folder: Folder, killAfter: readonly number[]): Promise<Account> {
  const acknowledged = new Set<string>()
  for (const [round, replies] of killAfter.entries()) await killOnce(folder, `kill-${round}`, replies, acknowledged)

  // Whatever is in the journal is handed to the store on start and before the end.
  const last = await serve(folder)
  const code = await last.stop()
  if (code !== 0) throw new Error(`the server ended with ${code}:\n${last.output()}`)

  const ids = await storedIds(folder)
  const stored = new Set(ids)
  return {
    acknowledged: acknowledged.size,
    stored: stored.size,
    lost: [...acknowledged].filter((id) => !stored.has(id)).length,
    doubled: ids.length - stored.size,
    ledger: await ledgerOf(folder),
  }
}

async function killOnce(folder: Folder, run: string, replies: number, acknowledged: Set<string>): Promise<void> {
  const { flows, config } = await folder.load()
  const flow = flows.values().next().value
  const profile = flow && parseProfile({ double_tap: 0.2 }, flow)
  if (!flow || !profile?.ok) throw new Error('the folder has no flow')

  const server = await serve(folder)
  const stop = new AbortController()
  let answered = 0
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
      seed: run,
      run,
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
        if (++answered < replies || killed) return
        killed = server.kill()
        stop.abort()
      },
    },
  )
  await killed
}

export async function storedIds(folder: Folder): Promise<string[]> {
  const { config } = await folder.load()
  const store = await openStore(config.store.uri, createLog('silent'))
  const ids: string[] = []
  let after: string | undefined
  do {
    const page = await store.events({ limit: 1_000, ...(after && { after }) })
    ids.push(...page.items.map((event) => event.id))
    after = page.next
  } while (after)
  await store.close()
  return ids
}

export async function ledgerOf(folder: Folder): Promise<Ledger> {
  const { config } = await folder.load()
  const journal = await openJournal({ file: config.journal.file, durability: 'disk', onCommit() {} })
  const ledger = await journal.ledger()
  await journal.close()
  return ledger
}
