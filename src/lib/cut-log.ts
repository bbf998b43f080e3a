/** The part of SQLite's database that this needs. */
type Connection = {
  run(sql: string): unknown
  query(sql: string): { get(): unknown }
}

/**
 * Cuts off the write-ahead log, which has pages as they were. False while another connection reads them: waiting for it would hold up
 * whoever writes. `busyTimeoutMs`: the connection's own.
 */
export function cutLog(db: Connection, busyTimeoutMs: number): boolean {
  db.run('PRAGMA busy_timeout = 0')
  try {
    return (db.query('PRAGMA wal_checkpoint(TRUNCATE)').get() as { busy: number } | null)?.busy === 0
  } finally {
    db.run(`PRAGMA busy_timeout = ${busyTimeoutMs}`)
  }
}
