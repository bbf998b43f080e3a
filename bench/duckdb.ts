// The raw events in a column store, for comparison: the same funnel, computed over events instead of rollups.

import { DuckDBInstance, type Json } from '@duckdb/node-api'
import { SUCCESS, type TrailEvent } from '../src/trail/event.ts'

export type EventTable = {
  /** Only the columns that a funnel needs. */
  add(events: readonly TrailEvent[]): Promise<void>
  /** Of the sessions that began in this time: how many came to each screen after the one before, and how many completed. */
  funnel(query: FunnelOverEvents): Promise<{ readonly reached: readonly number[]; readonly completed: number }>
  close(): void
}

/**
 * It is spared what it need not find out of the people of `journeys.ts`: that a token is one session, that no screen is shown to
 * it twice, and that all of it is over within a day.
 */
export type FunnelOverEvents = {
  readonly flow: string
  readonly screens: readonly string[]
  readonly from: number
  readonly until: number
}

const DAY = 86_400_000

/** In this file. */
export async function openEventTable(file: string): Promise<EventTable> {
  const instance = await DuckDBInstance.create(file)
  const connection = await instance.connect()
  await connection.run('CREATE TABLE IF NOT EXISTS events (flow VARCHAR, token VARCHAR, received BIGINT, next VARCHAR)')

  return {
    async add(events) {
      const appender = await connection.createAppender('events')
      for (const { flow, token, at, next } of events) {
        appender.appendVarchar(flow)
        appender.appendVarchar(token)
        appender.appendBigInt(BigInt(at))
        appender.appendVarchar(next)
        appender.endRow()
      }
      appender.closeSync()
    },

    async funnel({ flow, screens, from, until }) {
      const answer = await connection.runAndReadAll(funnelSql(screens), {
        flow,
        success: SUCCESS,
        from: BigInt(from),
        until: BigInt(until),
        before: BigInt(from - DAY),
        after: BigInt(until + DAY),
        ...Object.fromEntries(screens.map((screen, index) => [`screen${index}`, screen])),
      })
      const [row] = answer.getRowObjectsJson() as [{ readonly [column: string]: Json }]
      return { reached: screens.map((_, index) => Number(row[`n${index}`])), completed: Number(row.completed) }
    },

    close() {
      connection.closeSync()
      instance.closeSync()
    },
  }
}

/** A session reaches a screen when it was shown after the one before was reached. */
function funnelSql(screens: readonly string[]): string {
  const shown = screens.map((_, index) => `min(received) FILTER (next = $screen${index}) AS s${index}`)
  const inOrder = (index: number) =>
    ['s0 IS NOT NULL', ...Array.from({ length: index }, (_, step) => `s${step} <= s${step + 1}`)].join(' AND ')
  const counted = screens.map((_, index) => `count(*) FILTER (${inOrder(index)}) AS n${index}`)
  return `
    WITH sessions AS (
      SELECT min(received) AS started, bool_or(next = $success) AS is_completed, ${shown.join(', ')}
      FROM events WHERE flow = $flow AND received >= $before AND received < $after GROUP BY token
    )
    SELECT ${counted.join(', ')}, count(*) FILTER (is_completed) AS completed
    FROM sessions WHERE started >= $from AND started < $until`
}
