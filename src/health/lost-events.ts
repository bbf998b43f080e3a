// Whether the store is the one that the journal has handed its events to: a lost or emptied one would be made anew without a word.

import type { Journal } from '../journal/journal.ts'
import type { Ledger } from '../journal/ledger.ts'
import type { Log } from '../lib/log.ts'
import { placeOf } from '../lib/mongo-uri.ts'
import { plural } from '../lib/plural.ts'
import { sqliteFileOf } from '../lib/sqlite-uri.ts'
import type { Store } from '../store/store.ts'

type Lost = { readonly found: string; readonly fix: string }

export const NEVER_HAD_EVENTS = 'has no events, and nothing says that any were removed'

/** Of a store of which this is all that is there. Undefined where the ledger says that nothing is missing. */
export function lostEvents(uri: string, what: string, { stored }: Pick<Ledger, 'stored'>): Lost | undefined {
  if (stored === 0) return undefined
  const store = sqliteFileOf(uri) ?? `MongoDB at ${placeOf(uri)}`
  const found = `${store} ${what}, but the ledger of the journal says that ${plural(stored, 'event')} went to the store`
  return { found, fix: FIX }
}

type Deps = {
  readonly uri: string
  readonly store: Pick<Store, 'hadEvents'>
  readonly journal: Pick<Journal, 'ledger'>
  readonly log: Pick<Log, 'warn'>
}

/** To be called before events are handed over. Says nothing of a store that is away. */
export async function warnOfLostEvents({ uri, store, journal, log }: Deps): Promise<void> {
  const asked = Promise.all([store.hadEvents(), journal.ledger()])
  const [had, ledger] = await asked.catch(() => [true, undefined] as const)
  const lost = had || !ledger ? undefined : lostEvents(uri, NEVER_HAD_EVENTS, ledger)
  if (lost) log.warn(`${lost.found}; ${lost.fix}`)
}

const FIX =
  'restore a backup, or correct store.uri; if it was changed to a new store on purpose, the first event there settles this'
