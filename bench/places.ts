// The stores that are measured, each a place of its own that is gone afterwards.

import { databaseAt, dropDatabase } from '../test/mongo.ts'

export type Place = {
  /** For `store.uri`. */
  readonly uri: string
  remove(): Promise<void>
}

/** `sqlite`, in this file, which goes along with its folder; `mongodb`, on the server that `MONGODB_URI` names. */
export function placeFor(store: string, file: string): Place {
  if (store === 'sqlite') return placeAt(`sqlite:${file}`)
  const server = process.env.MONGODB_URI
  if (store !== 'mongodb') throw new Error(`--store is ${store}; expected sqlite or mongodb`)
  if (!server) throw new Error('MONGODB_URI is not set; point it to a server that may be filled with events')
  return placeAt(databaseAt(server, `screentrail_bench_${crypto.randomUUID()}`))
}

/** One that is there. */
export const placeAt = (uri: string): Place => ({
  uri,
  remove: uri.startsWith('sqlite:') ? async () => {} : () => dropDatabase(uri),
})
