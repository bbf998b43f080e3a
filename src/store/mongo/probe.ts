import { MongoClient } from 'mongodb'
import { placeOf, secretsOf } from '../../lib/mongo-uri.ts'
import { DATABASE, DRIVER_OPTIONS, namesDatabase } from './connection.ts'
import { explainError } from './explain-error.ts'

/** An estimate of the number of events. Unlike opening the store, it only reads. Rejects with one sentence. */
export async function countEvents(uri: string): Promise<number> {
  const place = placeOf(uri)
  const client = new MongoClient(uri, { ...DRIVER_OPTIONS, maxPoolSize: 1 })
  try {
    await client.connect()
    return await client
      .db(namesDatabase(place) ? undefined : DATABASE)
      .collection('events')
      .estimatedDocumentCount()
  } catch (error) {
    throw explainError(error, place, secretsOf(uri))
  } finally {
    await client.close(true)
  }
}
