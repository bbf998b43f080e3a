/**
 * Every event by its outcome, counted since the journal was made. It always balances:
 * received = stored + alreadyStored + waiting + quarantined + dropped.
 */
export type Ledger = {
  /** Requests that gave an event. */
  readonly received: number
  /** Events that the store acknowledged as new, and those of people who were erased before it was their turn. */
  readonly stored: number
  /** Events that the store had already: exact re-sends, and re-deliveries after a crash. */
  readonly alreadyStored: number
  /** Events in the journal that the store has not acknowledged yet. */
  readonly waiting: number
  /** Events that the store refused for their content, and unreadable entries; kept in the journal with the reason. */
  readonly quarantined: number
  /** Events that could not be journaled, or read back from a damaged journal; their users were answered all the same. */
  readonly dropped: number
}

export const EMPTY_LEDGER: Ledger = { received: 0, stored: 0, alreadyStored: 0, waiting: 0, quarantined: 0, dropped: 0 }

export const isBalanced = (ledger: Ledger): boolean =>
  ledger.received === ledger.stored + ledger.alreadyStored + ledger.waiting + ledger.quarantined + ledger.dropped
