// The journal's thread: a slow disk delays the replies that wait for it and nothing else.

import { systemClock } from '../lib/clock.ts'
import { serveCalls } from '../lib/worker.ts'
import type { Durability } from './database.ts'
import type { Entry, Settlement } from './entries.ts'
import { type JournalFile, openJournalFile } from './journal-file.ts'
import type { Recovery } from './recovery.ts'

let journal: JournalFile | undefined

const opened = (): JournalFile => {
  if (!journal) throw new Error('the journal is not open')
  return journal
}

const calls = {
  open(file: string, durability: Durability): Recovery | undefined {
    journal = openJournalFile(file, durability, systemClock)
    return journal.rescued
  },
  append: (entries: readonly Entry[], droppedBefore: number) => opened().append(entries, droppedBefore),
  take: (limit: number) => opened().take(limit),
  settle: (settlement: Settlement, at: number) => opened().settle(settlement, at),
  waitingOf: (owner: string, limit: number) => opened().waitingOf(owner, limit),
  ledger: () => opened().ledger(),
  rescue: () => opened().rescue(),
  close: () => opened().close(),
}

export type JournalCalls = typeof calls

serveCalls(calls)
