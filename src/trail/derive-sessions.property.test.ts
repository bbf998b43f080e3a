import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { arbitraryEvents } from '../../test/arbitrary-events.ts'
import { inOrder, repeatsOf, sessionsOf } from './derive-sessions.ts'
import type { TrailEvent } from './event.ts'
import { countedSteps, type Session, type SessionRules } from './session.ts'

const rules: SessionRules = {
  gapMs: 2 * 3_600_000,
  repeatWindowMs: 15_000,
  funnel: [['SERVICE_SELECTION'], ['DATE_TIME'], ['CONTACT_INFO']],
  choices: { SERVICE_SELECTION: ['service'] },
}

/** All events of one token in one flow, as the derivation asks for. */
const trail = arbitraryEvents.map((events) => events.map((event) => ({ ...event, flow: 'f', token: 't' })))

const spanOf = (session: Session, events: readonly TrailEvent[]) =>
  inOrder(events).filter(({ at }) => at >= session.startedAt && at <= session.lastAt)

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)

test('any order of arrival and any repetition give the same sessions', () => {
  const arrivals = trail.chain((events) =>
    fc.tuple(fc.constant(events), fc.shuffledSubarray([...events, ...events], { minLength: 2 * events.length })),
  )
  fc.assert(
    fc.property(arrivals, ([events, arrived]) => {
      expect(sessionsOf(arrived, rules)).toEqual(sessionsOf(events, rules))
    }),
  )
})

test('every event is in the span of exactly one session, and the silences lie between them', () => {
  fc.assert(
    fc.property(trail, (events) => {
      const sessions = sessionsOf(events, rules)
      expect(sessions.flatMap((session) => spanOf(session, events))).toEqual(inOrder(events))
      for (const [index, { startedAt }] of sessions.slice(1).entries())
        expect(startedAt - (sessions[index]?.lastAt ?? 0)).toBeGreaterThan(rules.gapMs)
      expect(new Set(sessions.map(({ id }) => id)).size).toBe(sessions.length)
      expect(sessions.every(({ sourceEventCount }) => sourceEventCount === events.length)).toBe(true)
    }),
  )
})

test('the counts add up', () => {
  fc.assert(
    fc.property(trail, (events) => {
      for (const session of sessionsOf(events, rules)) {
        const { counts, steps } = session
        const span = spanOf(session, events)
        const repeats = repeatsOf(span, rules)
        const fresh = span.filter(({ id }) => !repeats.has(id))
        const countOf = (action: TrailEvent['action']) => fresh.filter((event) => event.action === action).length
        expect(counts.events).toBe(span.length)
        expect(counts.repeats).toBe(repeats.size)
        expect(counts.backs).toBe(countOf('back'))
        expect(counts.clientErrors).toBe(countOf('client_error'))
        expect(sum(steps.map((step) => step.requests))).toBe(countOf('submit') + countOf('back'))
        expect(sum(steps.flatMap((step) => step.rejects.map((reject) => reject.count)))).toBe(counts.rejects)
        expect(counts.reopens).toBeLessThanOrEqual(countOf('init'))
        const ours = fresh.filter(({ action }) => action === 'submit' || action === 'back')
        expect(sum(steps.map((step) => step.processingMs))).toBe(sum(ours.map((event) => event.processingMs)))
      }
    }),
  )
})

test('visits follow each other in time, and the time in them is no longer than they are', () => {
  fc.assert(
    fc.property(trail, (events) => {
      for (const { steps } of sessionsOf(events, rules)) {
        let now = Number.NEGATIVE_INFINITY
        for (const { shownAt, leftAt = Number.POSITIVE_INFINITY, dwellMs } of steps) {
          expect(shownAt).toBeGreaterThanOrEqual(now)
          expect(leftAt).toBeGreaterThanOrEqual(shownAt)
          expect(dwellMs).toBeLessThanOrEqual(leftAt - shownAt)
          expect(dwellMs).toBeGreaterThanOrEqual(0)
          now = leftAt
        }
      }
    }),
  )
})

test('who went back on the phone came to a screen where they had been before, and is not counted as asking for it', () => {
  fc.assert(
    fc.property(trail, (events) => {
      for (const { steps } of sessionsOf(events, rules))
        for (const [index, { screen, showing }] of steps.entries()) {
          expect(steps[index - 1]?.end === 'unseen_back').toBe(showing === 'returned')
          if (showing !== 'returned') continue
          expect(steps.slice(0, index - 1).map((step) => step.screen)).toContain(screen)
          expect(steps[index - 1]?.screen).not.toBe(screen)
        }
    }),
  )
})

test('the last visit is open unless it completed, and no other is', () => {
  fc.assert(
    fc.property(trail, (events) => {
      for (const { steps, exit, completedAt } of sessionsOf(events, rules)) {
        const ends = steps.map((step) => step.end)
        expect(ends.slice(0, -1)).not.toContain(undefined)
        expect([undefined, 'completed']).toContain(ends.at(-1))
        expect(steps.map((step) => step.leftAt === undefined)).toEqual(ends.map((end) => end === undefined))
        expect(completedAt !== undefined).toBe(ends.includes('completed'))
        expect(exit).toBe(countedSteps(steps).at(-1)?.screen ?? '')
      }
    }),
  )
})

test('the events before are a session’s beginning: up to sixty visits, more events never take a completion or a funnel step away', () => {
  fc.assert(
    fc.property(trail, fc.nat(), (events, cut) => {
      const ordered = inOrder(events)
      const before = sessionsOf(ordered.slice(0, cut % (ordered.length + 1)), rules)
      const after = sessionsOf(ordered, rules)
      for (const [index, session] of before.entries()) {
        expect(after[index]?.id).toBe(session.id)
        if (session.completedAt !== undefined) expect(after[index]?.completedAt).toBe(session.completedAt)
        expect(after[index]?.furthest).toBeGreaterThanOrEqual(session.furthest)
      }
    }),
  )
})
