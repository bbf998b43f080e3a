// Whatever another server says, it is understood as something, and nothing throws.

import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { flowOf } from '../../test/flow-of.ts'
import type { FlowRequest } from '../wire/request.ts'
import { differencesOf } from './compare-replies.ts'
import { observedClosing, observedReply } from './observed.ts'

const flow = flowOf(`{
  tap: { url: "http://127.0.0.1:9/" },
  screens: { A: { fields: { day: { type: date, required: true } } }, B: { ends: completed } }
}`)
const request: FlowRequest = { action: 'submit', version: '3.0', screen: 'A', data: { day: 'x' }, token: 't' }
const never = () => Promise.reject(new Error('this flow has no expressions'))

const replies = fc.oneof(
  fc.string(),
  fc.json(),
  fc
    .record(
      {
        screen: fc.oneof(fc.constantFrom('A', 'B', 'SUCCESS', ''), fc.jsonValue()),
        data: fc.oneof(
          fc.record({ error_message: fc.oneof(fc.string(), fc.jsonValue()), list: fc.jsonValue() }),
          fc.jsonValue(),
        ),
        error_msg: fc.jsonValue(),
      },
      { requiredKeys: [] },
    )
    .map((reply) => JSON.stringify(reply)),
)

test('of a tapped endpoint', async () => {
  await fc.assert(
    fc.asyncProperty(replies, async (text) => {
      const seen = await observedReply(flow, request, { text, upstreamMs: 1, evaluate: never, scope: { today: '' } })
      expect(['shown', 'rejected', 'completed', 'failed']).toContain(seen.outcome)
      expect(typeof seen.next).toBe('string')
      if (seen.outcome === 'failed') expect(seen.errors.length).toBe(1)
      expect(observedClosing(request, text, 1).outcome).toBe('rejected')
    }),
  )
})

test('compared with what the config says', () => {
  fc.assert(
    fc.property(replies, replies, (ours, theirs) => {
      expect(differencesOf(ours, ours)).toEqual([])
      expect(differencesOf(ours, theirs).length).toBe(differencesOf(theirs, ours).length)
    }),
  )
})
