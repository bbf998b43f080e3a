import { expect, test } from 'bun:test'
import { z } from 'zod'
import { countShape, instant, list } from '../lib/shapes.ts'
import { rendererOf } from './render.ts'

const AT = Date.UTC(2026, 2, 2, 9)
const ISO = '2026-03-02T09:00:00.000Z'

test('instants become ISO 8601 wherever they are, and nothing else changes', () => {
  const moment = z.strictObject({
    n: countShape,
    at: instant,
    until: instant.exactOptional(),
    over: instant.nullable(),
  })
  const render = rendererOf(z.strictObject({ first: moment, all: list(moment), times: list(instant), at: countShape }))
  const report = {
    at: AT,
    first: { over: null, at: AT, n: 1 },
    all: [{ n: AT, at: AT, until: AT, over: AT }],
    times: [AT],
  }
  // As text, for the order and what is absent.
  expect(JSON.stringify(render(report))).toBe(
    JSON.stringify({
      at: AT,
      first: { over: null, at: ISO, n: 1 },
      all: [{ n: AT, at: ISO, until: ISO, over: ISO }],
      times: [ISO],
    }),
  )
  expect(report.first.at).toBe(AT)
})

test('what the shape of an object with instants does not have is not told', () => {
  const stored = { id: 'a', at: AT, fingerprint: 'secret' }
  expect(rendererOf(z.strictObject({ id: z.string(), at: instant }))(stored)).toEqual({ id: 'a', at: ISO })
})

test('a report without instants stays the same object', () => {
  const report = { n: 1 }
  expect(rendererOf(z.strictObject({ n: countShape }))(report)).toBe(report)
})
