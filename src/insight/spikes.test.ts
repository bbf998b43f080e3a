import { describe, expect, test } from 'bun:test'
import { page } from '../../test/numbers-page.ts'
import { ERROR_CATEGORIES } from '../rollup/error-category.ts'
import { between, type Random, seededRandom } from '../simulate/random.ts'
import { FAULTS, isRefusal, REFUSAL_CATEGORIES } from './errors.ts'
import { type FaultHour, type Spike, spikeSentence, spikesOf } from './spikes.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const START = Date.UTC(2026, 1, 21)

/** An hour of UTC, so many days after the first. */
function hourOf(day: number, clock: number, faults: Partial<FaultHour>): FaultHour {
  const from = START + day * DAY + clock * HOUR
  const at = { from, until: from + HOUR, day: new Date(from).toISOString().slice(0, 10), clock }
  return { ...at, answered: 0, errors: {}, refused: {}, ...faults }
}

/** The hour from 14:00 of the ten days before 3 March, and of that day. */
const example = (now: Partial<FaultHour>, before: (day: number) => Partial<FaultHour> = () => ({ answered: 3 })) => {
  const history = Array.from({ length: 10 }, (_, day) => hourOf(day, 14, before(day)))
  const hour = hourOf(10, 14, now)
  return spikesOf([hour], [...history, hour])
}

describe('the example of the page', () => {
  test('is a spike, told in a sentence', () => {
    const [spike, ...more] = example({ answered: 10, errors: { validation: 5 } })
    expect(more).toEqual([])
    expect(spike).toMatchObject({ fault: 'validation', errors: 5, requests: 10, before: { errors: 0, requests: 21 } })
    expect(spike?.p).toBeCloseTo(252 / 169_911, 12)
    expect(spike?.q).toBe(spike?.p as number)
    expect(page).toContain(`**${spike && spikeSentence(spike)}**`)
  })

  test('with four of ten is none', () => expect(example({ answered: 10, errors: { validation: 4 } })).toEqual([]))
})

test.each<[what: string, now: Partial<FaultHour>, before: (day: number) => Partial<FaultHour>]>([
  ['fewer than 20 requests before', { answered: 30, errors: { client: 30 } }, (day) => ({ answered: day < 9 ? 3 : 1 })],
  [
    'less than twice the share of before',
    { answered: 10_000, errors: { client: 199 } },
    () => ({ answered: 10_000, errors: { client: 100 } }),
  ],
  ['what chance explains', { answered: 20, errors: { client: 5 } }, () => ({ answered: 7, errors: { client: 1 } })],
  [
    'fewer errors than before',
    { answered: 100, errors: { client: 6 } },
    () => ({ answered: 9, errors: { client: 9 } }),
  ],
  ['refusals that are not known now', { answered: 50, refused: null }, () => ({ answered: 50 })],
  [
    'refusals that are not known before',
    { answered: 50, refused: { malformed: 50 } },
    () => ({ answered: 50, refused: null }),
  ],
])('%s is no spike', (_, now, before) => expect(example(now, before)).toEqual([]))

test('twice the share of before, surely, is one', () => {
  const [spike] = example({ answered: 10_000, errors: { client: 200 } }, () => ({
    answered: 10_000,
    errors: { client: 100 },
  }))
  expect(spike).toMatchObject({ fault: 'client', before: { errors: 700, requests: 70_000 } })
})

test('refusals are held against all that came, on the days of which they are known', () => {
  const [spike, ...more] = example({ answered: 10, refused: { decrypt_failed: 10 } }, (day) => ({
    answered: 6,
    refused: day < 5 ? null : { malformed: 1 },
  }))
  expect(more).toEqual([])
  expect(spike).toMatchObject({
    fault: 'decrypt_failed',
    errors: 10,
    requests: 20,
    before: { errors: 0, requests: 35 },
  })
})

test('another hour of the days before, or an earlier day, is no measure', () => {
  const history = [...Array(10).keys()].map((day) => hourOf(day, day < 3 ? 14 : 15, { answered: 100 }))
  const hour = hourOf(10, 14, { answered: 100, errors: { upstream: 50 } })
  expect(spikesOf([hour], [...history, hour])).toEqual([])
})

test('an hour without requests is not tested, and does not make the others less sure', () => {
  const days = [...Array(11).keys()]
  const busy = days.slice(0, 10).map((day) => hourOf(day, 14, { answered: 3 }))
  const hour = hourOf(10, 14, { answered: 10, errors: { validation: 5 } })
  // Every other hour of the day had errors before, and nobody came this time.
  const others = [...Array(24).keys()].filter((clock) => clock !== 14)
  const before = days
    .slice(0, 10)
    .flatMap((day) => others.map((clock) => hourOf(day, clock, { answered: 50, errors: { validation: 5 } })))
  const empty = others.map((clock) => hourOf(10, clock, {}))
  const [alone] = spikesOf([hour], [...busy, hour])
  expect(spikesOf([hour, ...empty], [...busy, ...before, hour, ...empty])).toEqual([alone as Spike])
})

test('every category has words of its own in the sentence', () => {
  const sentences = FAULTS.map((fault) =>
    spikeSentence({
      ...{ fault, errors: 6, requests: 7, before: { errors: 1, requests: 30 }, p: 0, q: 0 },
      hour: { ...hourOf(0, 23.5, {}), until: START + DAY },
    }),
  )
  expect(new Set(sentences).size).toBe(9)
  for (const sentence of sentences) {
    expect(sentence).not.toContain('undefined')
    expect(sentence).toContain(
      '6 of 7 requests (85.7 %) between 23:30 and 00:00 on 2026-02-21, against 1 of 30 (3.3 %)',
    )
  }
})

describe('a flow in which nothing is out of the ordinary', () => {
  const binomial = (random: Random, n: number, share: number) => {
    let hits = 0
    for (let index = 0; index < n; index++) if (random() < share) hits++
    return hits
  }

  /** 14 days; how many come, and what share of them fails, differs by the hour of the day only. */
  function history(random: Random): FaultHour[] {
    const shares = FAULTS.map(() => random() ** 3 * 0.3)
    const busy = Array.from({ length: 24 }, () => between(random, 0, 60))
    return [...Array(14 * 24).keys()].map((index) => {
      const requests = binomial(random, 2 * (busy[index % 24] as number), 0.5)
      const counted = FAULTS.map((fault, at) => [fault, binomial(random, requests, shares[at] as number)] as const)
      return hourOf(Math.floor(index / 24), index % 24, {
        answered: requests,
        errors: Object.fromEntries(counted.filter(([fault]) => !isRefusal(fault))),
        refused: Object.fromEntries(counted.filter(([fault]) => isRefusal(fault))),
      })
    })
  }

  test('has spikes for at most one seed in twenty', () => {
    const seeds = [...Array(200).keys()].filter((seed) => {
      const hours = history(seededRandom(`nothing ${seed}`))
      return spikesOf(hours.slice(7 * 24), hours).length > 0
    })
    expect(seeds.length).toBeLessThanOrEqual(10)
  }, 30_000)

  test('has one where something is put into it', () => {
    const found = [...Array(20).keys()].filter((seed) => {
      const hours = history(seededRandom(`something ${seed}`))
      const index = 10 * 24 + 14
      const changed = hours.map((hour, at) =>
        at === index ? { ...hour, answered: 100, errors: { ...hour.errors, internal: 90 } } : hour,
      )
      const spikes = spikesOf(changed.slice(7 * 24), changed)
      return spikes.some(({ hour, fault }) => hour === changed[index] && fault === 'internal')
    })
    // Of a seed whose 14:00 is too quiet to be a measure, none.
    expect(found.length).toBeGreaterThan(15)
  })
})

test('faults are the categories of errors and of refusals', () =>
  expect([...FAULTS]).toEqual([...ERROR_CATEGORIES, ...REFUSAL_CATEGORIES]))
