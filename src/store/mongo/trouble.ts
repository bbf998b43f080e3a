// What an operator is told when MongoDB does not do its part: where, what was found, what to look at. The driver's own texts
// can hold what was to be stored, and those about the address its password.

import { Unavailable } from '../../lib/unavailable.ts'

/** Hosts and database, without the user, the password and the options. */
export const placeOf = (uri: string): string => uri.replace(/^.*@|^[a-z+]*:\/\//is, '').replace(/[?#].*$/s, '')

/** What is wrong with store.uri itself, when that is why there is no connection: trying again would not help. */
export function addressMistake(error: unknown): Error | undefined {
  if (!(error instanceof Error) || !ADDRESS_MISTAKES.has(error.name)) return undefined
  const reason = /[@/]|user|password/i.test(error.message) ? '' : ` (${error.message})`
  return new Error(
    `store.uri is no address that the driver of MongoDB takes${reason}; expected mongodb://user:password@host/database, ` +
      'with %40 for an @ in the password, and so on',
  )
}

/** One sentence for what an operator can mend. Any other error is a fault of ours, and stays as it is. */
export function explained(error: unknown, place: string): unknown {
  if (!(error instanceof Error)) return error
  const { code } = error as { readonly code?: unknown }
  if (code === AUTHENTICATION_FAILED)
    return new Error(`store: MongoDB at ${place} refuses the user and password in store.uri; correct them`)
  if (code === UNAUTHORIZED)
    return new Error(
      `store: MongoDB at ${place} does not let the user in store.uri in; give it the role readWrite there`,
    )
  if (!isOutOfReach(error)) return error
  const reason = error.message.replace(/\s+/g, ' ').slice(0, 200)
  return new Unavailable(
    `store: cannot reach MongoDB at ${place} (${reason}); check that it runs, that this machine may connect to it, and ` +
      'that store.uri names it',
  )
}

const ADDRESS_MISTAKES = new Set(['MongoParseError', 'MongoAPIError', 'MongoInvalidArgumentError'])

const AUTHENTICATION_FAILED = 18
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

/** A bulk write gives an error of the network its own name, and no code. */
const isOutOfReach = ({ name, code }: Error & { readonly code?: unknown }): boolean =>
  OUT_OF_REACH.has(name) || (name === 'MongoBulkWriteError' && typeof code !== 'number')
