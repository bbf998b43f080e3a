import { expect, test } from 'bun:test'
import { FLOW_JSONS, flowJsonNamed, flowJsonOf, flowJsonText, screenOf } from '../../test/flow-json-kit.ts'
import { entryScreens, followUps, mayAnswer } from './follow-ups.ts'
import { type InstrumentOptions, instrument } from './instrument.ts'
import { measurability } from './measurability.ts'

type Asked = Partial<Omit<InstrumentOptions, 'file'>>

function instrumented(text: string, asked: Asked) {
  const result = instrument(text, { file: 'flow.json', edges: [], refreshOnBack: [], ...asked })
  if (result.ok) return result
  throw new Error(result.mistakes.map(({ line, column, message }) => `${line}:${column} ${message}`).join('\n'))
}

/** The lines that differ, as a diff has them. */
function diff(before: string, after: string): readonly string[] {
  const [old, young] = [before.split('\n'), after.split('\n')]
  return [
    ...old.filter((line) => !young.includes(line)).map((line) => `- ${line.trim()}`),
    ...young.filter((line) => !old.includes(line)).map((line) => `+ ${line.trim()}`),
  ]
}

test('one way becomes a request; nothing else changes', () => {
  const before = flowJsonText('imss')
  const { text, changes } = instrumented(before, { edges: [{ from: 'IMSS_PROPOSAL', to: 'IMSS_HANDOFF' }] })
  expect(diff(before, text)).toEqual([
    '- "next": { "type": "screen", "name": "IMSS_HANDOFF" },',
    '+ "next_screen": "IMSS_HANDOFF",',
  ])
  expect(text.split('\n').length).toBe(before.split('\n').length)
  expect(changes).toEqual([
    {
      line: 98,
      column: 32,
      message: 'Footer leads to IMSS_HANDOFF by "data_exchange" instead of "navigate", with next_screen in its payload',
    },
  ])
  const footer = screenOf(flowJsonOf(text), 'IMSS_PROPOSAL').actions[1]
  expect(footer?.kind).toBe('data_exchange')
  expect([...(footer?.payload.keys() ?? [])]).toEqual(['next_screen', 'profile', 'pension', 'monto', 'pago', 'plazo'])
})

test('Back asks on the screens named', () => {
  const before = flowJsonText('imss')
  const { text } = instrumented(before, { refreshOnBack: ['IMSS_PENSION'] })
  expect(diff(before, text)).toEqual(['+ "refresh_on_back": true,'])
  expect(screenOf(flowJsonOf(text), 'IMSS_PENSION').refreshOnBack).toBe(true)
})

test('a flow without endpoint gets what an endpoint needs', () => {
  const before = flowJsonText('json/survey-2.1')
  const { text, changes } = instrumented(before, { edges: 'all', refreshOnBack: 'all' })
  const flow = flowJsonOf(text)
  expect(flow.dataApiVersion).toBe('3.0')
  expect([...(flow.routingModel ?? [])]).toEqual([
    ['RATING', ['COMMENT']],
    ['COMMENT', []],
  ])
  expect(changes.map(({ message }) => message)).toEqual([
    '"data_api_version" says that an endpoint answers the flow',
    '"routing_model" says which screen may follow which',
    'Footer leads to COMMENT by "data_exchange" instead of "navigate", with next_screen in its payload',
    'Back on COMMENT asks the endpoint',
  ])
})

test('a payload on one line, an empty one, none at all, and actions in any order', () => {
  const flow = (action: string) =>
    `{"version":"7.3","data_api_version":"4.0","routing_model":{"A":["B"],"B":[]},"screens":[{"id":"A","layout":{"type":"SingleColumnLayout","children":[{"type":"Footer","label":"Go","on-click-action":${action}}]}},{"id":"B","terminal":true,"layout":{"type":"SingleColumnLayout","children":[]}}]}`
  const becomes = (before: string, after: string) =>
    expect(instrumented(flow(before), { edges: 'all' }).text).toBe(flow(after))
  becomes(
    '{"name":"navigate","next":{"type":"screen","name":"B"},"payload":{"a":1}}',
    '{"name":"data_exchange","payload":{"next_screen": "B","a":1}}',
  )
  becomes(
    '{"name":"navigate","next":{"type":"screen","name":"B"},"payload":{}}',
    '{"name":"data_exchange","payload":{ "next_screen": "B" }}',
  )
  becomes(
    '{"name":"navigate","next":{"type":"screen","name":"B"}}',
    '{"name":"data_exchange","payload": { "next_screen": "B" }}',
  )
  becomes(
    '{"payload":{},"name":"navigate","next":{"name":"B"}}',
    '{"payload":{ "next_screen": "B" },"name":"data_exchange"}',
  )
  becomes(
    '{ "next": {"name":"B"}, "payload": { "a": 1 }, "name": "navigate" }',
    '{ "payload": { "next_screen": "B", "a": 1 }, "name": "data_exchange" }',
  )
})

test('routes that are missing are added', () => {
  const text = JSON.stringify(
    { ...JSON.parse(flowJsonText('json/survey-2.1')), data_api_version: '3.0', routing_model: { COMMENT: [] } },
    null,
    2,
  )
  const result = instrumented(text, { edges: 'all' })
  expect([...(flowJsonOf(result.text).routingModel ?? [])]).toEqual([
    ['RATING', ['COMMENT']],
    ['COMMENT', []],
  ])
  const empty = text.replace('"COMMENT": []', '')
  expect(flowJsonOf(instrumented(empty, { edges: 'all' }).text).routingModel?.get('RATING')).toEqual(['COMMENT'])
  const listed = text.replace('"COMMENT": []', '"RATING": []')
  expect(flowJsonOf(instrumented(listed, { edges: 'all' }).text).routingModel?.get('RATING')).toEqual(['COMMENT'])
})

test.each([
  [
    { edges: [{ from: 'IMSS_PROPOSAL', to: 'IMSS_HANDOF' }] },
    '1:1 there is no screen "IMSS_HANDOF"; is "IMSS_HANDOFF" meant?',
  ],
  [
    { edges: [{ from: 'IMSS_PENSION', to: 'IMSS_PROPOSAL' }] },
    '39:5 no "navigate" of screen "IMSS_PENSION" leads to "IMSS_PROPOSAL"',
  ],
  [{ refreshOnBack: ['IMSS'] }, '1:1 there is no screen "IMSS"'],
  [
    { edges: [{ from: 'IMSS_PROPOSAL', to: 'IMSS_HANDOFF' }], targetKey: 'monto' },
    '98:32 Footer leads from IMSS_PROPOSAL to IMSS_HANDOFF, but submits "monto" already; what names the screen needs another name',
  ],
] as readonly [Asked, string][])('%j cannot be done: %s', (asked, message) => {
  expect(() => instrumented(flowJsonText('imss'), asked)).toThrow(message)
})

test('a way asked for twice is changed once', () => {
  const way = { from: 'IMSS_PROPOSAL', to: 'IMSS_HANDOFF' }
  const text = flowJsonText('imss')
  expect(instrumented(text, { edges: [way, way] }).text).toBe(instrumented(text, { edges: [way] }).text)
})

test('a way that an endpoint could not answer stays as it is', () => {
  const page = (id: string, to: string) => ({
    id,
    terminal: true,
    layout: {
      type: 'SingleColumnLayout',
      children: [
        {
          type: 'Footer',
          label: 'Go',
          'on-click-action': { name: 'navigate', next: { type: 'screen', name: to }, payload: {} },
        },
      ],
    },
  })
  const text = JSON.stringify({ version: '7.3', screens: [page('A', 'B'), page('B', 'C'), page('C', 'A')] })
  const { text: after, leftOut } = instrumented(text, { edges: 'all' })
  expect(leftOut.map(({ message }) => message)).toEqual([
    'Footer leads from C to A, but an endpoint could not answer with that screen: a route there would lead "routing_model" in a circle',
  ])
  expect(followUps(flowJsonOf(after)).map(({ from, to, by }) => `${from} → ${to} by ${by}`)).toEqual([
    'A → B by endpoint',
    'B → C by endpoint',
    'C → A by phone',
  ])
})

test.each(FLOW_JSONS)('%s: all that can be seen is seen afterwards, and a second time changes nothing', (name) => {
  const before = flowJsonNamed(name)
  const first = instrumented(flowJsonText(name), { edges: 'all', refreshOnBack: 'all' })
  const after = flowJsonOf(first.text)
  for (const { leaving, back } of measurability(after)) {
    expect(back).not.toBe('unseen')
    if (first.leftOut.length === 0) expect(leaving).toMatch(/^(?:seen|none)$/)
  }
  expect([...after.screens.keys()]).toEqual([...before.screens.keys()])
  expect(entryScreens(after)).toEqual(entryScreens(before))
  for (const { from, to } of followUps(before))
    expect(mayAnswer(after, from, to) || first.leftOut.length > 0).toBe(true)
  const second = instrumented(first.text, { edges: 'all', refreshOnBack: 'all' })
  expect(second.changes).toEqual([])
  expect(second.text).toBe(first.text)
})
