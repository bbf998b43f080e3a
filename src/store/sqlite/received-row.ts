// Of an event, what traffic is made from: read by the thousand, so no more than that.

import type { ReceivedEvent } from '../../rollup/kinds.ts'
import { type EventRow, errorsFrom, outcomeFrom } from './event-row.ts'
import { fromHundredths } from './hundredths.ts'
import type { StringDictionary } from './string-dictionary.ts'

export type ReceivedRow = Pick<
  EventRow,
  'version' | 'at' | 'screen' | 'next' | 'outcome' | 'errors' | 'processing' | 'request_bytes' | 'reply_bytes'
> & { readonly token: string; readonly segment: number }

export const RECEIVED_COLUMNS = [
  'token',
  'segment',
  'version',
  'at',
  'screen',
  'next',
  'outcome',
  'errors',
  'processing',
  'request_bytes',
  'reply_bytes',
] as const satisfies readonly (keyof ReceivedRow)[]

export const fromReceivedRow = (row: ReceivedRow, words: StringDictionary): ReceivedEvent => ({
  version: words.wordOf(row.version),
  token: row.token,
  isShared: row.segment < 0,
  at: row.at,
  screen: words.wordOf(row.screen),
  next: words.wordOf(row.next),
  outcome: outcomeFrom(row),
  errors: errorsFrom(row),
  processingMs: fromHundredths(row.processing),
  requestBytes: row.request_bytes,
  replyBytes: row.reply_bytes,
})
