import { expect, test } from 'bun:test'
import { flowJsonNamed } from '../../test/flow-json-kit.ts'
import { measurability } from './measurability.ts'

const table = (name: string) =>
  measurability(flowJsonNamed(name)).map(
    ({ screen, leaving, back, end }) => `${screen}: leaving ${leaving}, back ${back}, end ${end}`,
  )

test('screen by screen, what an endpoint sees', () => {
  expect(table('imss')).toEqual([
    'IMSS_PROFILE: leaving seen, back none, end none',
    'IMSS_PENSION: leaving seen, back unseen, end none',
    'IMSS_PROPOSAL: leaving unseen, back unseen, end none',
    'IMSS_HANDOFF: leaving seen, back unseen, end endpoint',
    'IMSS_REJECTED: leaving seen, back unseen, end endpoint',
  ])
  expect(table('offer')).toEqual([
    'PRODUCT_SELECTOR: leaving seen, back none, end none',
    'OPTIONS: leaving seen, back unseen, end none',
    'OFFER: leaving seen, back unseen, end none',
    'PRODUCT_DETAIL: leaving none, back seen, end phone',
  ])
})

test('a choice that asks for data is not how people leave', () => {
  expect(table('appointment')[0]).toBe('APPOINTMENT: leaving unseen, back none, end none')
  expect(table('appointment')[2]).toBe('SUMMARY: leaving partly, back seen, end endpoint')
  expect(table('json/branches-4.0')[1]).toBe('VISIT: leaving none, back seen, end phone')
})

test('what to change to see the rest, and where', () => {
  const [, , proposal] = measurability(flowJsonNamed('imss'))
  expect(proposal?.advice).toEqual([
    {
      line: 89,
      column: 32,
      message:
        'EmbeddedLink leads to IMSS_PENSION with "navigate", which the endpoint does not see; with "data_exchange" it does, and answers with that screen',
    },
    {
      line: 98,
      column: 32,
      message:
        'Footer leads to IMSS_HANDOFF with "navigate", which the endpoint does not see; with "data_exchange" it does, and answers with that screen',
    },
    {
      line: 64,
      column: 5,
      message:
        'Back on IMSS_PROPOSAL is not seen by the endpoint; with "refresh_on_back": true it is, and answers with the screen before',
    },
  ])
  const [, , , detail] = measurability(flowJsonNamed('offer'))
  expect(detail?.advice.map(({ message }) => message)).toEqual([
    'Footer ends the flow with "complete", which the endpoint does not see; with "data_exchange" it does, and answers with SUCCESS',
  ])
})
