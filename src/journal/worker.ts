// The journal's thread: a slow disk delays the replies that wait for it and nothing else.

import { serveCalls } from '../lib/worker.ts'
import { type Durability, type Entry, type JournalFile, openJournalFile, type Settlement } from './file.ts'

let journal: JournalFile | undefined

const opened = (): JournalFile => {
  if (!journal) throw new Error('the journal is not open')
  return journal
}

const calls = {
  open(file: string, durability: Durability): void {
    journal = openJournalFile(file, durability)
  },
  append: (entries: readonly Entry[], droppedBefore: number) => opened().append(entries, droppedBefore),
  take: (limit: number) => opened().take(limit),
  settle: (settlement: Settlement, at: number) => opened().settle(settlement, at),
  waitingOf: (owner: string) => opened().waitingOf(owner),
  ledger: () => opened().ledger(),
  close: () => opened().close(),
}

export type JournalCalls = typeof calls

serveCalls(calls)
