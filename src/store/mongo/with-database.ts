import { type Db, MongoClient, type MongoClientOptions } from 'mongodb'
import { placeOf, secretsOf } from '../../lib/mongo-uri.ts'
import { DATABASE, DRIVER_OPTIONS, namesDatabase } from './connection.ts'
import { explainError } from './explain-error.ts'

type Options = MongoClientOptions & { readonly name?: string | undefined }

/** Works in the database of the address, or in the one named, over a connection of its own. Rejects with one sentence when MongoDB is away. */
export async function withDatabase<T>(
  uri: string,
  work: (db: Db) => Promise<T>,
  { name, ...options }: Options,
): Promise<T> {
  const place = placeOf(uri)
  const client = new MongoClient(uri, { ...DRIVER_OPTIONS, ...options })
  try {
    await client.connect()
    return await work(client.db(name ?? (namesDatabase(place) ? undefined : DATABASE)))
  } catch (error) {
    throw explainError(error, place, secretsOf(uri))
  } finally {
    await client.close(true)
  }
}
