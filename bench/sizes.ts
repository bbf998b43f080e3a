// What each table or collection of a store takes on disk, with its indexes.

import { Database } from 'bun:sqlite'
import mongoose from 'mongoose'

/** Bytes, by name. */
export const sizesOf = async (uri: string): Promise<ReadonlyMap<string, number>> =>
  uri.startsWith('sqlite:') ? sizesOfTables(uri.slice('sqlite:'.length)) : sizesOfCollections(uri)

function sizesOfTables(file: string): Map<string, number> {
  const db = new Database(file, { readonly: true })
  const rows = db
    .query<{ table: string; bytes: number }, []>(
      'SELECT tbl_name AS "table", sum(pgsize) AS bytes FROM dbstat JOIN sqlite_schema USING (name) GROUP BY tbl_name',
    )
    .all()
  db.close()
  return new Map(rows.map(({ table, bytes }) => [table, bytes]))
}

async function sizesOfCollections(uri: string): Promise<Map<string, number>> {
  const connection = await mongoose.createConnection(uri).asPromise()
  const sizes = new Map<string, number>()
  for (const { name } of await connection.listCollections()) {
    const { storageSize = 0, totalIndexSize = 0 } = (await connection.db?.command({ collStats: name })) ?? {}
    sizes.set(name, Number(storageSize) + Number(totalIndexSize))
  }
  await connection.close()
  return sizes
}
