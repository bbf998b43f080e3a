import { expect, test } from 'bun:test'
import { flowJsonNamed, flowJsonOf, oneScreen } from '../../test/flow-json-kit.ts'
import { entryScreens, followUps, mayAnswer, screensWithoutExit, unreachableScreens } from './follow-ups.ts'

const ways = (name: string) => followUps(flowJsonNamed(name)).map(({ from, to, by }) => `${from} → ${to} by ${by}`)

test('who brings people to the next screen', () => {
  expect(ways('imss')).toEqual([
    'IMSS_PROFILE → IMSS_PENSION by endpoint',
    'IMSS_PROFILE → IMSS_REJECTED by endpoint',
    'IMSS_PENSION → IMSS_PROPOSAL by endpoint',
    'IMSS_PROPOSAL → IMSS_PENSION by phone',
    'IMSS_PROPOSAL → IMSS_HANDOFF by phone',
  ])
  expect(ways('appointment')).toEqual([
    'APPOINTMENT → DETAILS by phone',
    'APPOINTMENT → DETAILS by endpoint',
    'DETAILS → SUMMARY by endpoint',
    'SUMMARY → TERMS by phone',
    'SUMMARY → TERMS by endpoint',
  ])
  expect(ways('json/survey-2.1')).toEqual(['RATING → COMMENT by phone'])
  expect(ways('json/navigation-6.2')).toEqual([
    'SHOP → BIKES by phone',
    'SHOP → BIKES by endpoint',
    'SHOP → LIGHTS by endpoint',
    'BIKES → ORDER by endpoint',
    'LIGHTS → ORDER by phone',
  ])
})

test('which answers an endpoint may give', () => {
  const flow = flowJsonNamed('signup')
  expect(mayAnswer(flow, undefined, 'START')).toBe(true)
  expect(mayAnswer(flow, undefined, 'LOGIN')).toBe(false)
  expect(mayAnswer(flow, 'LOGIN', 'LOGIN_SUCCESS')).toBe(true)
  expect(mayAnswer(flow, 'LOGIN', 'LOGIN')).toBe(true)
  expect(mayAnswer(flow, 'LOGIN', 'SIGN_UP')).toBe(true)
  expect(mayAnswer(flow, 'SIGN_UP', 'LOGIN_SUCCESS')).toBe(false)
  expect(mayAnswer(flow, 'NOWHERE', 'NOWHERE')).toBe(false)
})

test('where a flow begins and ends', () => {
  expect(entryScreens(flowJsonNamed('loan'))).toEqual(['LOAN', 'NO_OFFER'])
  expect(entryScreens(flowJsonNamed('json/survey-2.1'))).toEqual(['RATING'])
  expect(entryScreens(flowJsonNamed('json/terms-5.1'))).toEqual(['JOIN'])
})

test('screens that nothing leads on from', () => {
  expect([...screensWithoutExit(flowJsonNamed('appointment'))]).toEqual(['TERMS'])
  expect([...screensWithoutExit(flowJsonNamed('json/sign-in-2.1'))]).toEqual(['RULES'])
  expect([...screensWithoutExit(flowJsonNamed('json/newer-9.1'))]).toEqual([])
  expect([...screensWithoutExit(flowJsonNamed('store-cart'))]).toEqual([])
})

test('screens that no way leads to', () => {
  const page = (id: string, to?: string) => ({
    ...oneScreen([]).screens[0],
    id,
    layout: {
      type: 'SingleColumnLayout',
      children: to
        ? [{ type: 'EmbeddedLink', text: 'Go', 'on-click-action': { name: 'navigate', next: { name: to } } }]
        : [],
    },
  })
  const circle = { version: '7.3', screens: [page('A'), page('B', 'C'), page('C', 'B')] }
  expect(unreachableScreens(flowJsonOf(circle))).toEqual(['B', 'C'])
  const routed = { version: '7.3', routing_model: { A: ['B'] }, screens: [page('A'), page('B')] }
  expect(unreachableScreens(flowJsonOf(routed))).toEqual(['B'])
  expect(unreachableScreens(flowJsonNamed('insurance'))).toEqual([])
})
