import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { converse } from '../../test/conversation.ts'
import { flowOf } from '../../test/flow-of.ts'
import type { Json } from '../lib/json.ts'
import { LARGE_REPLY_BYTES, MAX_REPLY_BYTES } from './reply.ts'

describe('size', () => {
  const flow = flowOf(`
    start: A
    screens:
      A: { next: B }
      B: { data: { text: { expr: "$pad('', input.size, 'é')" } }, next: A }
  `)
  const frame = JSON.stringify({ version: '3.0', screen: 'B', data: { text: '' } }).length

  test.each([
    [LARGE_REPLY_BYTES, 'shown', 'B', []],
    [LARGE_REPLY_BYTES + 2, 'shown', 'B', ['reply_large']],
    [MAX_REPLY_BYTES, 'shown', 'B', ['reply_large']],
    [MAX_REPLY_BYTES + 2, 'failed', 'A', ['reply_too_large']],
  ] as const)('a reply of %d bytes is %s', async (bytes, outcome, screen, codes) => {
    // Each é takes two bytes, so an odd frame is filled up by the field that is sent with it.
    const padding = (bytes - frame) % 2
    const said = await converse(flow).submit(
      'A',
      { size: (bytes - frame - padding) / 2 },
      padding ? { version: '3.00' } : {},
    )
    expect(said).toMatchObject({ outcome, screen })
    expect(said.errors.map((error) => error.code)).toEqual([...codes])
    if (outcome === 'shown') expect(Buffer.byteLength(said.text)).toBe(bytes)
    else {
      expect(said.data).toEqual({ error_message: 'Something went wrong on our side. Please try again.' })
      expect(said.errors[0]?.message).toBe(
        `the reply with screen B has ${bytes} bytes; Meta accepts at most ${MAX_REPLY_BYTES}`,
      )
    }
  })
})

describe('Meta’s data types know no null', () => {
  const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Json>

  test('whatever the config and the outside APIs give', async () => {
    const flow = (fixed: Json) =>
      flowOf(`
        start: A
        screens:
          A:
            ask: { theirs: {} }
            data:
              fixed: ${JSON.stringify({ list: [fixed], fixed })}
              asked: { expr: api.theirs.body }
              computed: { expr: input }
        apis: { theirs: { url: "http://localhost" } }`)
    await fc.assert(
      fc.asyncProperty(json, json, json, async (fixed, asked, input) => {
        const person = converse(flow(fixed), async () => ({
          answer: { ok: true, status: 200, body: asked },
          waitedMs: 1,
        }))
        const { text } = await person.init({ data: { input } })
        let nulls = 0
        JSON.parse(text, (_key, value) => {
          if (value === null) nulls++
          return value
        })
        expect(nulls).toBe(0)
      }),
      { numRuns: 100 },
    )
  })

  test.each([['1 / 0'], ['0 / 0'], ['$sum'], ['function($x) { $x }'], ['/ab/']])(
    '%s is no data: it is left out and recorded',
    async (text) => {
      const flow = flowOf(`{ start: A, screens: { A: { data: { x: { expr: ${JSON.stringify(text)} }, y: 1 } } } }`)
      const said = await converse(flow).init()
      expect(said.data).toEqual({ y: 1 })
      expect(said.errors).toEqual([
        { code: 'expression_failed', field: 'x', message: `${text}: the result is not data` },
      ])
    },
  )

  test('nor is it inside a list or an object', async () => {
    const flow = flowOf(
      "{ start: A, screens: { A: { data: { x: { expr: \"[1, 1/0, $sum, {'a': 1/0, 'b': 2}]\" } } } } }",
    )
    expect((await converse(flow).init()).data).toEqual({ x: [1, { b: 2 }] })
  })
})
