// A MongoDB database of a test's own.

import mongoose from 'mongoose'

/** The same server, another database; the user and the options stay. */
export const databaseAt = (uri: string, name: string): string =>
  uri.replace(/^(mongodb[^:]*:\/\/[^/?]+)\/?[^?]*/, `$1/${name}`)

export async function dropDatabase(uri: string): Promise<void> {
  const connection = await mongoose.createConnection(uri).asPromise()
  await connection.dropDatabase()
  await connection.close()
}
