import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { evaluateHere } from '../../test/conversation.ts'
import { flowOf } from '../../test/flow-of.ts'
import type { Json, JsonObject } from '../lib/json.ts'
import { SUCCESS } from '../trail/event.ts'
import { answer } from './answer.ts'
import { fieldType } from './schema.ts'

const fields = fieldType.options.flatMap((type) => [
  `${type}: { type: ${type} }`,
  `${type}_needed: { type: ${type}, required: true, check: "value != input.text and known.n < 3" }`,
])

const flow = flowOf(`
  start: A
  trigger: input.trigger
  sequence: $number(input.seq)
  screens:
    A: { data: { x: { expr: $sum(input.list) }, y: { expr: api.y.body } }, ask: { y: { api: theirs, with: { q: input }, else: [] } }, next: B }
    B:
      fields: { ${fields} }
      next: [{ when: input.number > 3, to: A }, { when: '$contains(input.text, "x")', to: C }]
    C:
      fields: { d: { type: date, min: today, max: today+3d }, s: { type: text, min: 2, max: 9, pattern: "[a-z]*" } }
      complete: { all: { expr: input }, last: { expr: "input.list[-1]" }, day: "{{ $fromMillis(input.number) }}" }
  apis: { theirs: { url: "http://localhost" } }
`)

const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>
const likely = fc.oneof(json, fc.constantFrom<Json>('x', '', '2026-03-02', '5', 5, true, ['x'], [{}], {}, null))
const names = fc.constantFrom(...fieldType.options, 'number_needed', 'list', 'trigger', 'seq', 'd', 's', '__proto__')
const data = fc.dictionary(names, likely) as fc.Arbitrary<JsonObject>

test('whatever is asked is answered with a screen of the flow, or its end, within what JSON can say', async () => {
  const screens = [...flow.screens.keys(), SUCCESS]
  const request = fc.record({
    action: fc.constantFrom('init', 'submit', 'back'),
    version: fc.constantFrom('3.0', 300),
    screen: fc.constantFrom('A', 'B', 'C', '', 'GONE', 'constructor'),
    data,
    token: fc.string(),
  })
  const session = fc.option(
    fc.record({
      id: fc.constant('S'),
      startedAt: fc.constant(0),
      lastAt: fc.constant(0),
      openedAt: fc.constant(0),
      path: fc.array(fc.constantFrom('A', 'B', 'C', 'OLD', 'toString')),
      known: data,
      at: data,
      vars: data,
      sent: data,
      served: fc.nat(),
    }),
    { nil: undefined },
  )
  await fc.assert(
    fc.asyncProperty(request, session, json, async (request, session, asked) => {
      const callApi = async () => ({ answer: { ok: true, status: 200, body: asked }, waitedMs: 0 })
      const answered = await answer(flow, request, {
        callApi,
        repeatWindowMs: 0,
        evaluate: evaluateHere,
        session,
        sessionId: 'S',
        now: 0,
        today: '2026-03-02',
      })
      if (answered.kind !== 'reply') throw new Error(answered.detail)
      const reply = JSON.parse(answered.text)
      expect(screens).toContain(reply.screen)
      expect(reply).toMatchObject({ version: request.version, screen: answered.next, data: {} })
      expect(answered.outcome === 'rejected' || answered.outcome === 'failed').toBe('error_message' in reply.data)
    }),
    { numRuns: 500 },
  )
})
