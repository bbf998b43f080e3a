// What must hold of tallies when there are more names than are kept apart.

import { describe, expect, test } from 'bun:test'
import { madeUpEvents } from '../../test/high-cardinality.ts'
import { LOST_AFTER_MS, NOW, page, pageSessions, RULES } from '../../test/numbers-page.ts'
import { frictionOf } from '../insight/friction.ts'
import { outcomesOf } from '../insight/trend.ts'
import { total, totalOf } from '../stats/counts.ts'
import { sessionsOf } from '../trail/derive-sessions.ts'
import type { Session } from '../trail/session.ts'
import { EVENT_ROLLUPS, SESSION_ROLLUPS } from './kinds.ts'
import { truncatePaths } from './limit-session-aggregate.ts'
import { LIMITS, LONGEST_NAME, MOST_ROWS, OTHER } from './limits.ts'
import { mergeStatistics } from './merge-statistics.ts'
import { ALL_SESSIONS, aggregateSessions, choiceOf, type SessionAggregate, timeBucketOf } from './session-aggregate.ts'
import { sessionStatistics } from './session-statistics.ts'

const PEOPLE = 1_200
const events = [...madeUpEvents({ people: PEOPLE, names: 600 })]
const sessions = [...Map.groupBy(events, ({ token }) => token).values()].flatMap((trail) => sessionsOf(trail, RULES))
const parts = [...Map.groupBy(sessions, (_, index) => index % 7).values()]

/** One who goes to and fro between the screens of the flow in an order of his own, and all of them are different. */
const wanderers = Array.from({ length: 6_000 }, (_, index): Session => {
  const [model] = sessions as [Session]
  const [step] = model.steps as [Session['steps'][0]]
  const screens = Array.from({ length: 20 }, (_, place) => ['SERVICE', 'DATE', 'HELP'][(index * 7 + place * index) % 3])
  const path = [
    'SERVICE',
    ...String(index)
      .split('')
      .map((digit) => `S${digit}`),
    ...screens,
    'DATE',
  ]
  return {
    ...model,
    id: String(index),
    exit: 'DATE',
    lastAt: model.startedAt + index,
    steps: path.map((screen) => ({ ...step, screen: String(screen) })),
  }
})

const endings = (tally: SessionAggregate) => outcomesOf(sessionStatistics(tally, NOW - LOST_AFTER_MS).paths)

describe.each([
  ['of all at once', SESSION_ROLLUPS.aggregate(sessions)],
  ['of parts', SESSION_ROLLUPS.merge(parts.map((some) => SESSION_ROLLUPS.aggregate(some)))],
  [
    'of parts of parts',
    SESSION_ROLLUPS.merge([
      SESSION_ROLLUPS.merge(parts.slice(0, 3).map((some) => SESSION_ROLLUPS.aggregate(some))),
      ...parts.slice(3).map((some) => SESSION_ROLLUPS.aggregate(some)),
    ]),
  ],
])('a tally %s with made-up names', (_, tally) => {
  test('keeps the largest, and the others together', () => {
    expect(Object.keys(tally.screens)).toHaveLength(LIMITS.screens.most + 1)
    expect(Object.keys(tally.screens)).toEqual(expect.arrayContaining(['SERVICE', 'DATE', OTHER]))
    // All, the values that are kept, and the others.
    expect(Object.keys(tally.groups)).toHaveLength(1 + LIMITS.valuesOfField.most + 1)
    const { DATE } = tally.screens
    expect(Object.keys(DATE?.rejects ?? {}).length).toBeLessThanOrEqual(LIMITS.rejects.most + 1)
    expect(Object.keys(DATE?.errors ?? {}).length).toBeLessThanOrEqual(LIMITS.errors.most + 1)
  })

  test('has everybody in it, each once', () => {
    expect(endings(tally)).toMatchObject({ sessions: PEOPLE, lost: PEOPLE, open: 0 })
    const { groups } = sessionStatistics(tally, NOW - LOST_AFTER_MS)
    const choices = Object.entries(groups).filter(([name]) => name !== ALL_SESSIONS)
    expect(total(choices.map(([, paths]) => outcomesOf(paths).sessions))).toBe(PEOPLE)
    expect(totalOf(tally.screens.DATE?.rejects ?? {})).toBe(PEOPLE)
    expect(total(Object.values(tally.screens).map(({ shown }) => shown))).toBe(
      total(sessions.map(({ steps }) => steps.length)),
    )
    expect(total(frictionOf(sessionStatistics(tally, NOW - LOST_AFTER_MS)).map(({ lost }) => lost))).toBe(PEOPLE)
  })

  test('is not changed by being added up once more, and goes through JSON', () => {
    expect(SESSION_ROLLUPS.merge([tally])).toEqual(tally)
    expect(SESSION_ROLLUPS.decode(SESSION_ROLLUPS.encode(tally))).toEqual(tally)
  })

  test('knows who is open and who is lost at the very moment', () => {
    const [someone] = sessions.toSorted((a, b) => a.lastAt - b.lastAt).slice(600) as [Session]
    const lostSince = someone.lastAt
    const around = sessions.filter(
      ({ lastAt }) => timeBucketOf(lastAt) === timeBucketOf(lostSince) && lastAt <= lostSince,
    )
    expect(outcomesOf(sessionStatistics(tally, lostSince, aggregateSessions(around)).paths).lost).toBe(
      sessions.filter(({ lastAt }) => lastAt <= lostSince).length,
    )
  })
})

test('who chose several options is once in the groups of a field less its overlap, however many names there are', () => {
  const several = sessions.map(
    (session, index): Session => ({
      ...session,
      choices: { service: ['usual', `value ${index}`, `value ${index + 1}`], [`field ${index % 70}`]: ['a', 'b'] },
    }),
  )
  const halves = [several.slice(0, 500), several.slice(500)].map((some) => SESSION_ROLLUPS.aggregate(some))
  const { groups } = sessionStatistics(SESSION_ROLLUPS.merge(halves), NOW - LOST_AFTER_MS)
  const chosenIn = (field: string) =>
    total(
      Object.entries(groups).map(([name, paths]) => {
        if (name === ALL_SESSIONS || choiceOf(name).field !== field) return 0
        return choiceOf(name).isOverlap ? -outcomesOf(paths).sessions : outcomesOf(paths).sessions
      }),
    )
  const fields = new Set(Object.keys(groups).flatMap((name) => (name === ALL_SESSIONS ? [] : choiceOf(name).field)))
  expect(fields.size).toBeLessThanOrEqual(LIMITS.fields + 1)
  expect(fields).toContain(OTHER)
  expect(chosenIn('service')).toBe(PEOPLE)
  expect(total([...fields].map(chosenIn))).toBe(2 * PEOPLE)
})

test('what is within the limits is what it was', () => {
  expect(SESSION_ROLLUPS.aggregate(pageSessions(3))).toEqual(aggregateSessions(pageSessions(3)))
})

test('of very many paths the frequent are told as they were, the others in short, and nobody is lost', () => {
  const usual = pageSessions(100)
  const tally = SESSION_ROLLUPS.aggregate([...usual, ...wanderers])
  const paths = Object.keys(tally.groups[ALL_SESSIONS] ?? {})
  expect(paths.length).toBeLessThanOrEqual(LIMITS.paths.most)
  expect(total(paths.map((path) => path.length + 40))).toBeLessThanOrEqual(LIMITS.paths.bytes)
  for (const path of Object.keys(aggregateSessions(usual).groups[ALL_SESSIONS] ?? {})) expect(paths).toContain(path)
  expect(endings(tally).sessions).toBe(usual.length + wanderers.length)
  const lostOn = (screen: string, of: SessionAggregate) =>
    frictionOf(sessionStatistics(of, NOW - LOST_AFTER_MS)).find((row) => row.screen === screen)?.lost
  expect(lostOn('DATE', tally)).toBe(lostOn('DATE', aggregateSessions([...usual, ...wanderers])))

  const short = truncatePaths(tally, 0.001)
  expect(Object.keys(short.groups[ALL_SESSIONS] ?? {}).length).toBeLessThan(20)
  expect(endings(short)).toEqual(endings(tally))
})

test('versions together are within the limits, too', () => {
  const asked = mergeStatistics(
    parts.map((some) => sessionStatistics(SESSION_ROLLUPS.aggregate(some), NOW - LOST_AFTER_MS)),
  )
  expect(Object.keys(asked.screens)).toHaveLength(LIMITS.screens.most + 1)
  expect(outcomesOf(asked.paths)).toMatchObject({ sessions: PEOPLE, lost: PEOPLE })
})

test('errors and payloads with made-up names are counted for others of their kind', () => {
  const traffic = EVENT_ROLLUPS.merge(
    [...Map.groupBy(events, (_, index) => index % 5).values()].map((some) => EVENT_ROLLUPS.aggregate(some)),
  )
  expect(Object.keys(traffic.requestBytes).length).toBeLessThanOrEqual(LIMITS.screens.most + 1)
  const kinds = Object.values(traffic.errors)
  expect(total(kinds.map((some) => Object.keys(some).length))).toBeLessThanOrEqual(LIMITS.kinds.most + 4)
  expect(total(kinds.map(totalOf))).toBe(4 * PEOPLE)
  expect(Object.keys(traffic.errors[OTHER] ?? {}).sort()).toEqual([
    '(other)',
    'client:(other)',
    'invalid_(other):(other)/(other)',
    'upstream_(other):(other)',
  ])
  expect(EVENT_ROLLUPS.merge([traffic])).toEqual(traffic)
})

test('the page says what the limits are', () => {
  const number = (value: number) => value.toLocaleString('en-US')
  const { fields, ...others } = LIMITS
  expect(page).toContain(`| fields with choices | ${fields} | |`)
  for (const { most, bytes } of Object.values(others)) expect(page).toContain(` | ${number(most)} | ${number(bytes)} |`)
  const { groups, steps, ...rows } = MOST_ROWS
  expect(page).toContain(`| ${number(groups)}; ${number(steps)} |`)
  for (const most of Object.values(rows)) expect(page).toContain(` | ${number(most)} |`)
  expect(page).toContain(`more than ${number(LONGEST_NAME)} bytes`)
})
