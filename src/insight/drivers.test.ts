import { describe, expect, test } from 'bun:test'
import { eventOf } from '../../test/arbitrary-events.ts'
import { exitsAsOf, exitsOf } from '../rollup/screen-exits.ts'
import { aggregateSessions, type SessionAggregate } from '../rollup/session-aggregate.ts'
import { sessionStatistics } from '../rollup/session-statistics.ts'
import { type Random, seededRandom } from '../simulate/random.ts'
import { sessionsOf } from '../trail/derive-sessions.ts'
import { SUCCESS, type TrailEvent } from '../trail/event.ts'
import type { Session } from '../trail/session.ts'
import { driversOf, sentenceOf } from './drivers.ts'
import { funnelOf } from './funnel.ts'
import type { Driver, Factor } from './shapes.ts'

const SCREENS = ['SERVICE_SELECTION', 'DATE_TIME', 'CONTACT_INFO', 'CONFIRMATION']
const rules = {
  gapMs: 86_400_000,
  repeatWindowMs: 0,
  funnel: SCREENS.map((screen) => [screen]),
  choices: { SERVICE_SELECTION: ['service'], DATE_TIME: ['slot'] },
}

type Person = {
  readonly service: string
  readonly slot: string
  /** The screen that the person leaves on; undefined for one who completes. */
  readonly leaves?: string
  readonly loadMs: number
  readonly isRefused: boolean
}

/** Walks the four screens from first to last, or to where the person leaves. */
function sessionOf({ service, slot, leaves, loadMs, isRefused }: Person, index: number): Session {
  const events: TrailEvent[] = []
  const add = (partial: Partial<TrailEvent>) => {
    const at = Date.UTC(2026, 2, 2) + index * 977_000 + events.length * 9_000
    const id = `${index} ${events.length}`
    events.push(
      eventOf({ id, token: `t${index}`, at, processingMs: loadMs, upstreamMs: 0, fingerprint: id, ...partial }),
    )
  }
  add({ action: 'init', screen: '', next: SCREENS[0] as string })
  for (const [step, screen] of SCREENS.entries()) {
    const refusal = [{ code: 'invalid_field', field: 'date', rule: 'min' }]
    if (isRefused && screen === 'DATE_TIME') add({ screen, next: screen, outcome: 'rejected', errors: refusal })
    if (screen === leaves) break
    const next = SCREENS[step + 1] ?? SUCCESS
    add({ screen, next, outcome: next === SUCCESS ? 'completed' : 'shown', input: { service, slot } })
  }
  return sessionsOf(events, rules)[0] as Session
}

const crowd = (seed: string, size: number, person: (random: Random) => Person): Session[] => {
  const random = seededRandom(seed)
  return Array.from({ length: size }, (_, index) => sessionOf(person(random), index))
}

const DAYS = { from: '2026-03-02', until: '2026-03-08', timezone: 'UTC' }
const inWords = (driver: Driver): string => sentenceOf(driver, DAYS)

/** Whoever has not completed until then is lost. */
const FOREVER = Number.MAX_SAFE_INTEGER

const among = (sessions: readonly Session[]): Driver[] => {
  const asked = (some: readonly Session[]) => sessionStatistics(aggregateSessions(some) as SessionAggregate, FOREVER)
  const factorsAt = (at: Date): Factor[] => [
    { kind: 'weekday', weekday: at.getUTCDay() || 7 },
    { kind: 'hour', hour: at.getUTCHours() },
  ]
  const slices = [...Map.groupBy(sessions, ({ startedAt }) => JSON.stringify(factorsAt(new Date(startedAt))))].map(
    ([factors, some]) => ({
      factors: JSON.parse(factors) as Factor[],
      exits: exitsAsOf(exitsOf(aggregateSessions(some), FOREVER), FOREVER),
    }),
  )
  return driversOf({ choices: rules.choices, all: asked(sessions), days: 30, slices })
}

const anyone = (random: Random) => ({
  service: random() < 0.4 ? 'emergency' : 'routine',
  slot: random() < 0.5 ? 'morning' : 'afternoon',
  loadMs: random() < 0.7 ? 200 : random() < 0.5 ? 1_500 : 6_000,
  isRefused: random() < 0.3,
})

describe('drivers of leaving', () => {
  test('the story of the four screens: 500 came, 100 went on, and it was the emergencies who left', () => {
    // Four in five are emergencies: 400, of whom 384 left at the date, and 100 routine services, of whom 16 did.
    const sessions = Array.from({ length: 500 }, (_, index) => {
      const isOneOfSixteen = Math.floor(index / 5) % 25 < 4
      const service = index % 5 < 4 ? 'emergency' : 'routine'
      const isGone = service === 'emergency' ? !(index % 5 === 3 && isOneOfSixteen) : isOneOfSixteen
      return sessionOf(
        { service, slot: 'morning', loadMs: 200, isRefused: false, ...(isGone && { leaves: 'DATE_TIME' }) },
        index,
      )
    })
    const { steps } = funnelOf(sessionStatistics(aggregateSessions(sessions), Number.MAX_SAFE_INTEGER).paths, {
      steps: SCREENS.slice(1).map((screen) => [screen]),
    })
    expect(steps.map(({ reached }) => reached)).toEqual([500, 100, 100])
    expect(steps[0]?.dropOff).toMatchObject({ count: 400, of: 500, share: 0.8 })
    const drivers = among(sessions)
    expect(drivers).toHaveLength(1)
    expect(drivers.map(inWords)).toEqual(['6.0× as likely to leave DATE_TIME after service = emergency (n = 400)'])
    expect(drivers[0]).toMatchObject({ lost: 384, others: 100, othersLost: 16 })
  })

  test.each<[what: string, leaves: (person: Omit<Person, 'leaves'>) => boolean, sentence: RegExp]>([
    ['a refusal', ({ isRefused }) => isRefused, /to leave DATE_TIME after date was refused by its rule min/],
    ['a slow screen', ({ loadMs }) => loadMs > 5_000, /to leave DATE_TIME when it took >=5s to load/],
    ['a choice before it', ({ service }) => service === 'routine', /to leave DATE_TIME after service = routine/],
  ])('%s that drives people away is named first, and nothing is named on other screens', (_, leaves, sentence) => {
    const drivers = among(
      crowd('driven', 900, (random) => {
        const person = anyone(random)
        const isGone = random() < (leaves(person) ? 0.8 : 0.1)
        return { ...person, ...(isGone && { leaves: 'DATE_TIME' }) }
      }),
    )
    expect(drivers[0] && inWords(drivers[0])).toMatch(sentence)
    expect(new Set(drivers.map(({ screen }) => screen))).toEqual(new Set(['DATE_TIME']))
  })

  test('a choice says nothing of the screen it is made on: who left there had not made it', () => {
    const sessions = crowd('undecided', 600, (random) => ({
      ...anyone(random),
      ...(random() < 0.5 && { leaves: 'DATE_TIME' }),
    }))
    expect(among(sessions).filter(({ factor }) => factor.kind === 'choice' && factor.field === 'slot')).toEqual([])
  })

  test.each([
    [9, 'UTC', '09:00 and 10:00'],
    [23, 'UTC', '23:00 and 00:00'],
    [0, 'Asia/Kolkata', '00:00 and 00:30'],
    [14.5, 'Asia/Kolkata', '14:30 and 15:30'],
    [23.75, 'Asia/Kathmandu', '23:45 and 00:00'],
  ])('the hour %p in %s is told by the clock', (hour, timezone, told) => {
    const driver = {
      screen: 'DATE',
      n: 40,
      others: 40,
      lost: 30,
      othersLost: 10,
      ratio: 3,
      p: 0,
      q: 0,
      gain: { completions: 1, low: 0, high: 2 },
    }
    const sentence = sentenceOf({ ...driver, factor: { kind: 'hour', hour } }, { ...DAYS, timezone })
    expect(sentence).toBe(`3.0× as likely to leave DATE when they began between ${told} (n = 40)`)
  })

  test('fewer than thirty on either side are not held against each other', () => {
    const sessions = Array.from({ length: 300 }, (_, index) => {
      const isRare = index % 10 === 0 && index < 290
      const person = { service: isRare ? 'emergency' : 'routine', slot: 'morning', loadMs: 200, isRefused: false }
      return sessionOf({ ...person, ...(isRare && { leaves: 'DATE_TIME' }) }, index)
    })
    expect(among(sessions)).toEqual([])
  })

  test.each([
    [271, 29, []],
    [270, 30, ['the only ones to leave DATE_TIME after service = emergency (n = 270)']],
  ])('of %p who leave and %p who stay, the others are enough when they are thirty', (_, others, told) => {
    const sessions = Array.from({ length: 300 }, (_, index) => {
      const isOther = index % 10 === 0 && index < others * 10
      const person = { service: isOther ? 'routine' : 'emergency', slot: 'morning', loadMs: 200, isRefused: false }
      return sessionOf({ ...person, ...(!isOther && { leaves: 'DATE_TIME' }) }, index)
    })
    expect(among(sessions).map(inWords)).toEqual(told)
  })

  test('where leaving is chance nothing is named, but for one time in twenty', () => {
    const seeds = Array.from({ length: 100 }, (_, index) => `chance ${index}`)
    const misled = seeds.filter((seed) => {
      const sessions = crowd(seed, 400, (random) => {
        const leaves = SCREENS.find(() => random() < 0.15)
        return { ...anyone(random), ...(leaves && { leaves }) }
      })
      return among(sessions).length > 0
    })
    expect(misled.length).toBeLessThanOrEqual(5)
  })
})

describe('who opened the flow on a later screen, went back and chose', () => {
  /** Each first came to DATE_TIME, opened the flow again, chose, and came to DATE_TIME again. */
  const again = (count: number, service: string, isLost: boolean): Session[] =>
    Array.from({ length: count }, (_, index) => {
      const token = `${service} ${isLost} ${index}`
      const event = (minute: number, partial: Partial<TrailEvent>) =>
        eventOf({ token, at: Date.UTC(2026, 2, 2) + minute * 60_000, fingerprint: String(minute), ...partial })
      const events = [
        event(0, { screen: 'SERVICE_SELECTION', next: 'DATE_TIME' }),
        event(1, { action: 'init', screen: '', next: 'SERVICE_SELECTION' }),
        event(2, { screen: 'SERVICE_SELECTION', next: 'DATE_TIME', input: { service } }),
        ...(isLost ? [] : [event(3, { screen: 'DATE_TIME', next: SUCCESS, outcome: 'completed' })]),
      ]
      return sessionsOf(events, rules)[0] as Session
    })

  test('is counted on that screen, as the list of its sessions does', () => {
    const sessions = [...again(40, 'emergency', true), ...again(40, 'routine', false)]
    const [driver] = among(sessions)
    expect(driver).toMatchObject({ screen: 'DATE_TIME', factor: { value: 'emergency' }, n: 40, lost: 40, others: 40 })
  })
})
