// The server killed again and again in the middle of a crowd, and an account of what became of every answered request.

import { setTimeout } from 'node:timers/promises'
import { openJournal } from '../src/journal/journal.ts'
import type { Ledger } from '../src/journal/ledger.ts'
import { sha256 } from '../src/lib/ids.ts'
import { parseProfile } from '../src/simulate/profile.ts'
import { simulate } from '../src/simulate/run.ts'
import type { Folder } from './kit.ts'
import { type Served, serve } from './process.ts'
import { compare, type Found, storedIds } from './stored.ts'

export type Account = Found & {
  /** Events whose replies the client had in hand. */
  readonly acknowledged: number
  readonly ledger: Ledger
}

/** `killAfter`: how many replies each round gets before the server is killed with SIGKILL. */
export async function killRounds(folder: Folder, killAfter: readonly number[]): Promise<Account> {
  const acknowledged = new Set<string>()
  for (const [round, replies] of killAfter.entries()) await killOnce(folder, `kill-${round}`, replies, acknowledged)

  // Whatever is in the journal is handed to the store on start and before the end.
  const last = await serve(folder)
  expectSoundJournal(last)
  const code = await last.stop()
  if (code !== 0) throw new Error(`the server ended with ${code}:\n${last.output()}`)

  const { config } = await folder.load()
  const found = compare(acknowledged, await storedIds(config.store.uri))
  return { acknowledged: acknowledged.size, ...found, ledger: await ledgerOf(folder) }
}

async function killOnce(folder: Folder, run: string, replies: number, acknowledged: Set<string>): Promise<void> {
  const { flows, config } = await folder.load()
  const flow = flows.values().next().value
  const profile = flow && parseProfile({ double_tap: 0.2 }, flow)
  if (!flow || !profile?.ok) throw new Error('the folder has no flow')

  const server = await serve(folder)
  expectSoundJournal(server)
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

/** Being killed damages nothing, and must not be taken for damage. */
function expectSoundJournal({ output }: Served): void {
  if (output().includes('was damaged')) throw new Error(output())
}

export async function ledgerOf(folder: Folder): Promise<Ledger> {
  const { config } = await folder.load()
  const journal = await openJournal({ file: config.journal.file, durability: 'disk', onCommit() {} })
  const ledger = await journal.ledger()
  await journal.close()
  return ledger
}
