// Each row of the errors leads to the sessions that had them, also where they had completed before.

import { afterAll, beforeAll, expect, test } from 'bun:test'
import { type Api, startApi } from '../../../test/api-kit.ts'
import { eventOf, START } from '../../../test/arbitrary-events.ts'
import { logIn } from '../../../test/log-in.ts'
import { SUCCESS, type TrailEvent } from '../../trail/event.ts'

const opening = { action: 'init', screen: '', next: 'SERVICE' } as const
const toDate = { screen: 'SERVICE', next: 'DATE' } as const
const completion = { screen: 'DATE', next: SUCCESS, outcome: 'completed' } as const
const refusal = {
  screen: 'SERVICE',
  next: 'SERVICE',
  outcome: 'rejected',
  errors: [{ code: 'invalid_field', field: 'service', rule: 'in', message: 'Choose one' }],
} as const
const failure = { ...toDate, errors: [{ code: 'upstream_timeout', field: 'slots' }] } as const
const complaint = (screen: string, key = 'late') =>
  ({ action: 'client_error', screen, next: '', outcome: 'acknowledged', errors: [{ code: `client:${key}` }] }) as const

const PEOPLE: readonly (readonly Partial<TrailEvent>[])[] = [
  [opening, refusal, toDate],
  [opening, toDate, completion, opening, refusal],
  [opening, toDate, completion, opening, failure],
  [opening, toDate, complaint('DATE'), completion],
  [opening, toDate, completion, complaint('DATE')],
  [opening, toDate, completion, complaint('SERVICE'), opening],
  [opening, toDate, completion, complaint('', 'nameless')],
  [opening, toDate, completion],
]

let api: Api
let cookie: string
beforeAll(async () => {
  const events = PEOPLE.flatMap((requests, person) =>
    requests.map((request, index) =>
      eventOf({ token: `person ${person}`, at: START + index * 10_000, fingerprint: String(index), ...request }),
    ),
  )
  api = await startApi({ events })
  await api.app.rolledUp()
  cookie = await logIn(api)
})
afterAll(() => api.stop())

const read = async (path: string) => (await api.send(path, { headers: { cookie } })).text()

/** Of each row: what it says, and who is in its list. */
async function rowsOf(page: string) {
  const rows = []
  for (const [row] of page.matchAll(/<tr>(?:(?!<\/tr>).)*>sessions<\/a>.*?<\/tr>/gs)) {
    const [, list = ''] = row.match(/href="([^"]+)">sessions</) ?? []
    const people = [...(await read(list.replaceAll('&amp;', '&'))).matchAll(/<code title="person (\d)"/g)]
    const words = row
      .replace(/<[^>]+>/g, ' ')
      .replace(/\s+/g, ' ')
      .trim()
    rows.push([words.replace(' sessions', ''), people.map(([, person]) => Number(person)).sort()])
  }
  return rows
}

test('a row of the errors counts those after the completion, and its list has these sessions', async () => {
  const page = await read('/admin/flows/repair-booking/errors?from=2026-03-02&until=2026-03-02')
  expect(await rowsOf(page)).toEqual([
    ['SERVICE service in 2', [0, 1]],
    // With no screen open after the completion, an error is of no visit.
    ['DATE late 2', [3]],
    ['(opening) nameless 1', []],
    ['SERVICE late 1', []],
    ['SERVICE slots upstream_timeout 1', [2]],
  ])
})
