// The thread of the journal: a slow disk delays only the replies that wait for it. Its first call opens the file.

import { systemClock } from '../lib/clock.ts'
import { serveCalls } from '../lib/worker.ts'
import type { Durability } from './database.ts'
import { type JournalFile, openJournalFile } from './journal-file.ts'
import type { Recovery } from './recovery.ts'

export type JournalCalls = Omit<JournalFile, 'recovery'> & {
  open(file: string, durability: Durability): Recovery | undefined
}

serveCalls({
  open(file: string, durability: Durability) {
    const { recovery, ...calls } = openJournalFile(file, durability, systemClock)
    serveCalls(calls)
    return recovery
  },
})
