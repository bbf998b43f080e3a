// `export … --format parquet`, opened by DuckDB as people would.

import { expect, test } from 'bun:test'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { bookedTrail, lostTrail, RULES } from '../../test/admin-kit.ts'
import { eventOf, START } from '../../test/arbitrary-events.ts'
import { makeFolder } from '../../test/kit.ts'
import { SCREENTRAIL } from '../../test/process.ts'
import { openSqliteStore } from '../store/sqlite/sqlite.ts'

test('DuckDB reads events and sessions, with their types', async () => {
  const folder = await makeFolder()
  const instance = await DuckDBInstance.create(':memory:')
  const duck = await instance.connect()
  try {
    const store = await openSqliteStore(join(folder.path, 'data/screentrail.db'))
    const many = Array.from({ length: 25_000 }, (_, index) => eventOf({ token: `t${index}`, at: START + index }))
    for (let at = 0; at < many.length; at += 1_000) await store.record(many.slice(at, at + 1_000), RULES)
    await store.record([...bookedTrail('booked', START), ...lostTrail('lost', START)], RULES)
    await store.close()

    for (const what of ['events', 'sessions']) {
      const args = [...SCREENTRAIL, 'export', what, '--format', 'parquet']
      const child = Bun.spawn(args, { cwd: folder.path, stdout: 'pipe', stderr: 'inherit' })
      await writeFile(join(folder.path, `${what}.parquet`), await new Response(child.stdout).bytes())
      expect(await child.exited).toBe(0)
    }

    const ask = async (sql: string) => (await duck.runAndReadAll(sql)).getRowsJson()
    const [events, sessions] = ['events', 'sessions'].map((what) => `'${join(folder.path, what)}.parquet'`)
    expect(
      await ask(`SELECT count(*), count(DISTINCT event_id), min(received_at) AT TIME ZONE 'UTC' FROM ${events}`),
    ).toEqual([['25009', '25009', '2026-03-02 09:00:00']])
    expect(
      await ask(`SELECT flow_token, (input_values::JSON)->>'service' FROM ${events} WHERE outcome = 'completed'`),
    ).toEqual([['booked', null]])
    const endings = `SELECT ending, sum(rejects)::INT, max(completed_at - started_at) = to_seconds(108)
      FROM ${sessions} WHERE events > 1 GROUP BY 1 ORDER BY 1`
    expect(await ask(endings)).toEqual([
      ['completed', 1, true],
      ['lost', 0, null],
    ])
    const types = await ask(`SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM ${events})`)
    expect(Object.fromEntries(types as [string, string][])).toMatchObject({
      received_at: 'TIMESTAMP WITH TIME ZONE',
      processing_time_ms: 'DOUBLE',
      request_bytes: 'BIGINT',
      errors: 'VARCHAR',
    })
  } finally {
    duck.closeSync()
    instance.closeSync()
    await folder.remove()
  }
}, 120_000)
