import { describe, expect, test } from 'bun:test'
import { problemsOf } from '../../test/flow-of.ts'

const FORWARD = 'forward: { url: "https://crm.example/flow" }'
const TAP = 'tap: { url: "https://crm.example/flow" }'
const never = (path: string, key: string, by: string, fix: string) =>
  `${path}: \`${key}\` is never used, as the server at \`${by}\` says what follows; ${fix}`
const ONLY = 'remove it, or forward only the screens that need it'

describe('where another server answers', () => {
  test.each([FORWARD, TAP])('%s alone is a flow', (by) => {
    expect(problemsOf(`{ ${by} }`)).toEqual([])
  })

  test('fields, exchanges, ends and a funnel are all right', () => {
    const a = '{ fields: { day: { type: date } }, on: { pick: { when: $exists(input.pick) } } }'
    expect(problemsOf(`{ ${FORWARD}, screens: { A: ${a}, B: { ends: completed } }, funnel: [A, B] }`)).toEqual([])
  })

  test('what says what follows is a mistake, each at its place', () => {
    const a = '{ data: { x: 1 }, pass: [y], set: { n: "1" }, next: B, on: { c: { when: "true", set: { m: "1" } } } }'
    const flow = `{ ${FORWARD}, open: { set: { n: "1" } }, screens: { A: ${a}, B: { complete: {} } } }`
    expect(problemsOf(flow)).toEqual([
      never('open', 'open', 'forward', ONLY),
      never('screens.A.set', 'set', 'forward', ONLY),
      never('screens.A.next', 'next', 'forward', ONLY),
      never('screens.A.on.c.set', 'set', 'forward', ONLY),
      never('screens.A.data', 'data', 'forward', ONLY),
      never('screens.A.pass', 'pass', 'forward', ONLY),
      never('screens.B.complete', 'complete', 'forward', ONLY),
    ])
  })

  test('of a forwarded screen only what follows is another’s', () => {
    const a = '{ data: { x: 1 }, fields: { f: { type: text } }, forward: { url: "https://crm.example/a" }'
    expect(problemsOf(`{ start: A, screens: { A: ${a} }, B: { complete: {} } } }`)).toEqual([])
    expect(problemsOf(`{ start: A, screens: { A: ${a}, next: B }, B: { complete: {} } } }`)).toEqual([
      never('screens.A.next', 'next', 'forward', 'remove it'),
    ])
  })

  test('a tap says nothing either, unless it is compared', () => {
    const screens = 'start: A, screens: { A: { next: B }, B: { complete: {} } }'
    expect(problemsOf(`{ ${TAP}, ${screens} }`)).toEqual([
      never('screens.A.next', 'next', 'tap', 'remove it'),
      never('screens.B.complete', 'complete', 'tap', 'remove it'),
    ])
    expect(problemsOf(`{ tap: { url: "https://crm.example/flow", compare: true }, ${screens} }`)).toEqual([])
  })

  test('a tap forwards nothing', () => {
    const screens = 'screens: { A: { forward: { url: "https://crm.example/a" } } }'
    expect(problemsOf(`{ ${TAP}, ${screens} }`)).toEqual([
      'screens.A.forward: a flow with `tap` forwards nothing; keep one of them',
    ])
  })
})
