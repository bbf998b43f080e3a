// The stores that whole-product tests run on: always SQLite, and MongoDB where `MONGODB_URI` names a server.

import { dropDatabase } from './mongo.ts'

export const mongoUri = process.env.MONGODB_URI

if (mongoUri === undefined) {
  if (process.env.REQUIRE_MONGODB) throw new Error('REQUIRE_MONGODB is set, and MONGODB_URI is not')
  console.log('tests on MongoDB skipped: MONGODB_URI is not set')
}

/** A name, and the address of a store that nothing else uses. */
export const stores: [string, () => string][] = [
  ['sqlite', () => 'sqlite:data/screentrail.db'],
  ...(mongoUri === undefined
    ? []
    : [
        ['mongodb', () => `${mongoUri.replace(/\/+$/, '')}/screentrail-${crypto.randomUUID()}`] as [
          string,
          () => string,
        ],
      ]),
]

/** What is left of a store on a server; a file goes with its folder. */
export async function dropStore(uri: string): Promise<void> {
  if (!uri.startsWith('sqlite:')) await dropDatabase(uri)
}
