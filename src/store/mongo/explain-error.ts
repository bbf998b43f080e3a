// Explains errors of MongoDB to an operator: where, what was found, what to check. The driver's own texts can hold stored data, and
// those about the address its password.

import { Unavailable } from '../../lib/unavailable.ts'

/** One sentence for errors that an operator can fix. Any other error is our bug, and stays unless it tells a secret. */
export function explainError(error: unknown, place: string, secrets: readonly string[] = []): unknown {
  if (!(error instanceof Error)) return error
  const { code } = error as { readonly code?: unknown }
  if (AUTHENTICATION_FAILED.has(code))
    return new Error(`store: MongoDB at ${place} refuses the user and password in store.uri; correct them`)
  if (code === UNAUTHORIZED)
    return new Error(
      `store: MongoDB at ${place} does not let the user in store.uri in; give it the role readWrite there`,
    )
  const isTelling = tells(error, secrets)
  if (!isOutOfReach(error)) return isTelling ? new Error(`store: MongoDB at ${place} answered ${nameOf(error)}`) : error
  const reason = isTelling ? nameOf(error) : error.message.replace(/\s+/g, ' ').slice(0, 200)
  return new Unavailable(
    `store: cannot reach MongoDB at ${place} (${reason}); check that it runs, that this machine may connect to it, and ` +
      'that store.uri names it',
  )
}

/** Whether one of these is in what a log shows of it, as a word. */
function tells(error: Error, secrets: readonly string[]): boolean {
  const { name, message, cause } = error
  const shown = Bun.inspect({ ...error, name, message, cause })
  return secrets.some((secret) => new RegExp(`(?<!\\w)${RegExp.escape(secret)}(?!\\w)`).test(shown))
}

/** For errors whose message cannot be shown. */
const nameOf = ({ name, code }: Error & { readonly code?: unknown }): string =>
  typeof code === 'number' ? `${name}, code ${code}` : name

/** UserNotFound, AuthenticationFailed, and what Atlas says for both. */
const AUTHENTICATION_FAILED: ReadonlySet<unknown> = new Set([11, 18, 8000])
const UNAUTHORIZED = 13

const OUT_OF_REACH = new Set([
  'MongoNetworkError',
  'MongoNetworkTimeoutError',
  'MongoNotConnectedError',
  'MongoPoolClearedError',
  'MongoPoolClosedError',
  'MongoServerSelectionError',
  'MongoTopologyClosedError',
  'MongoWaitQueueTimeoutError',
  'MongooseServerSelectionError',
])

/** A bulk write gives a network error its own name, and no code. */
const isOutOfReach = ({ name, code }: Error & { readonly code?: unknown }): boolean =>
  OUT_OF_REACH.has(name) || (name === 'MongoBulkWriteError' && typeof code !== 'number')
