// What is known of a session as a whole: how far it came, and what was chosen.

import { describe, expect, test } from 'bun:test'
import { rules, sessionOf } from '../../test/session-of.ts'
import { trailOf } from '../../test/trail-text.ts'
import type { Json } from '../lib/json.ts'
import { sessionsOf } from './derive-sessions.ts'
import type { Session } from './session.ts'

describe('the furthest funnel step', () => {
  const walk = (...screens: string[]) =>
    sessionOf(
      screens
        .map((next, n) => `${n * 60}s ${n === 0 ? 'init -' : `submit ${screens[n - 1]}`} ${next} shown`)
        .join('\n'),
    ).furthest

  test.each<[screens: string[], furthest: number]>([
    [['A'], 0],
    [['A', 'B'], 1],
    [['A', 'BB', 'C'], 2],
    [['A', 'C'], 0],
    [['A', 'C', 'B', 'C'], 2],
    [['B', 'C'], -1],
    [['B', 'A', 'C', 'B'], 1],
    [['X'], -1],
    [['A', 'B', 'A', 'B', 'BB'], 1],
    [['A', 'X', 'Y', 'B'], 1],
  ])('%j reach step %d: each step counts only after the one before it', (screens, furthest) => {
    expect(walk(...screens)).toBe(furthest)
  })

  test('of more than sixty visits, those count that a funnel counts', () => {
    const toAndFro = Array.from({ length: 60 }, (_, n) => (n % 2 === 0 ? 'X' : 'C'))
    expect(walk(...toAndFro, 'A', 'B', 'C')).toBe(2)
    expect(walk(...toAndFro, 'A', 'B', 'C', 'X')).toBe(1)
  })

  test('what comes after completing counts no more', () => {
    const done = '0s init - A shown\n9s submit A B shown\n20s submit B END completed'
    expect(sessionOf(`${done}\n60s init - A shown\n70s submit A C shown`).furthest).toBe(1)
  })

  test('a screen counts as reached when a request comes from it', () => {
    expect(sessionOf('0s init - A shown\n9s submit B B rejected').furthest).toBe(1)
  })
})

describe('the last choices', () => {
  test.each<[name: string, events: string, choices: Session['choices']]>([
    ['the later one counts', '0s submit A A shown service=a\n60s submit B C shown service=b', { service: 'b' }],
    ['one that was refused is none', '0s submit A A rejected service=a refused=service:in\n60s submit A B shown', {}],
    [
      'nor does it hide the one before',
      '0s submit A A shown service=a\n60s submit A A rejected service=b refused=service:in',
      { service: 'a' },
    ],
    ['one that we failed to answer was made all the same', '0s submit A A failed service=a', { service: 'a' }],
    ['from a screen that has no such choice, none does', '0s submit C A shown service=a', {}],
    ['one that was not kept is none', '0s submit A B shown service=withheld', {}],
    [
      'nor does it hide the one before',
      '0s submit A B shown service=a\n60s submit B C shown service=withheld',
      { service: 'a' },
    ],
    [
      'nor does what comes after completing count',
      '0s submit A B shown service=a\n9s submit B END completed service=b\n60s submit A B shown service=c',
      { service: 'b' },
    ],
    [
      'nor do repeats count',
      '0s submit A A shown seq=1 service=a\n60s submit A A shown seq=1 service=b',
      { service: 'a' },
    ],
  ])('%s', (_name, events, choices) => expect(sessionOf(events).choices).toEqual(choices))

  test.each<[answer: Json]>([[''], [[]], [null]])(
    '%j is no answer, and takes back the one before if it is submitted and accepted',
    (nothing) => {
      const [first, second] = trailOf('0s submit A B shown service=a\n60s submit B C shown')
      if (!first || !second) throw new Error('two events')
      const empty = { ...second, input: { service: nothing } }
      const choicesAfter = (more: Partial<typeof empty>) =>
        sessionsOf([first, { ...empty, ...more }], rules)[0]?.choices
      expect(choicesAfter({})).toEqual({})
      expect(choicesAfter({ outcome: 'completed' })).toEqual({})
      for (const more of [
        { outcome: 'rejected' },
        { outcome: 'failed' },
        { action: 'back' },
        { trigger: 'slots' },
        { screen: 'C' },
      ] as const)
        expect(choicesAfter(more)).toEqual({ service: 'a' })
      expect(sessionsOf([empty], rules)[0]?.choices).toEqual({})
    },
  )

  test.each<[answer: Json]>([[0], [false], [['a']], [' ']])('%j is one', (answer) => {
    const [event] = trailOf('0s submit A B shown')
    if (!event) throw new Error('one event')
    expect(sessionsOf([{ ...event, input: { service: answer } }], rules)[0]?.choices).toEqual({ service: answer })
  })

  test.each(['constructor', '__proto__', 'toString'])('a screen or a field called %s is one like any other', (name) => {
    expect(sessionOf(`0s submit ${name} A failed`).choices).toEqual({})
    expect(sessionOf('0s submit A B shown', { choices: { A: [name] } }).choices).toEqual({})
  })
})
