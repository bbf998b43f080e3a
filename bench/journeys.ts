// People over sixty days: three flows, two versions of each, some leaving on every screen, emergencies at the date above all.

import { sha256 } from '../src/lib/ids.ts'
import { logNormal, pickWeighted, type Random, seededRandom } from '../src/simulate/random.ts'
import { SUCCESS, type TrailEvent } from '../src/trail/event.ts'
import { eventOf } from '../test/arbitrary-events.ts'

const DAY = 86_400_000
export const DAYS = 60
export const SCREENS = ['SERVICE_SELECTION', 'DATE_TIME', 'CONTACT_INFO', 'CONFIRMATION']
export const FLOWS = ['repair-booking', 'feedback', 'newsletter'] as const
const VERSIONS = ['1f3a5c7e', '2b4d6f80']
const SERVICES = [
  { value: 'emergency', weight: 4 },
  { value: 'routine', weight: 6 },
]
const SLOTS = ['asap', 'morning', 'afternoon']
const WEIGHED_SLOTS = SLOTS.map((value) => ({ value, weight: 1 }))

/** The flows, for a config. */
export const JOURNEYS = FLOWS.map(
  (flow) => `
${flow}:
  start: SERVICE_SELECTION
  screens:
    SERVICE_SELECTION:
      fields: { service: { type: choice, in: [${SERVICES.map(({ value }) => value).join(', ')}] } }
      next: DATE_TIME
    DATE_TIME:
      fields: { date: { type: date, min: today }, slot: { type: choice, in: [${SLOTS.join(', ')}] } }
      next: CONTACT_INFO
    CONTACT_INFO: { fields: { phone: { type: phone, keep: hash } }, next: CONFIRMATION }
    CONFIRMATION: { complete: {} }`,
).join('')

/** Events of a session on average. */
const PER_SESSION = 3.9

/** About `total` events from `from` on, day by day, each day in the order of time. */
export function* daysOfPeople(total: number, from: number): Generator<TrailEvent[]> {
  const random = seededRandom('journeys')
  const perDay = Math.round(total / PER_SESSION / DAYS)
  for (let day = 0; day < DAYS; day++) {
    const version = VERSIONS[day < DAYS / 2 ? 0 : 1] as string
    const events = Array.from({ length: perDay }, (_, index) =>
      walk(random, from + day * DAY + Math.floor(random() * DAY), `${day}-${index}`, version),
    )
    yield events.flat().sort(byTime)
  }
}

/** So many events a second for so many seconds, in the order of time; people are on their way when it begins, and when it ends. */
export function rush(rate: number, seconds: number, from: number): TrailEvent[] {
  const random = seededRandom('rush')
  const people = Math.round((rate / PER_SESSION) * (seconds + WALK_SECONDS))
  const start = () => from + Math.floor((random() * (seconds + WALK_SECONDS) - WALK_SECONDS) * 1_000)
  const events = Array.from({ length: people }, (_, index) =>
    walk(random, start(), `rush ${index}`, VERSIONS[1] as string),
  )
  return events
    .flat()
    .filter(({ at }) => at >= from && at < from + seconds * 1_000)
    .sort(byTime)
}

/** Most are done by then. */
const WALK_SECONDS = 120

const byTime = (a: TrailEvent, b: TrailEvent): number => a.at - b.at

function walk(random: Random, startsAt: number, name: string, version: string): TrailEvent[] {
  const flow = FLOWS[Math.floor(random() * FLOWS.length)] as string
  const service = pickWeighted(random, SERVICES).value
  const inputs = [
    { service },
    { date: '2026-03-10', slot: pickWeighted(random, WEIGHED_SLOTS).value },
    { phone: { $hash: name } },
    {},
  ]
  const token = sha256(name).slice(0, 32)
  const events: TrailEvent[] = []
  let at = startsAt
  const add = (partial: Partial<TrailEvent>) => {
    const processingMs = Math.round(logNormal(random, 4, 0.6) * 100) / 100
    const id = sha256(`${name} ${events.length}`)
    events.push(
      eventOf({ id, flow, version, token, at, processingMs, upstreamMs: 0, fingerprint: id.slice(0, 11), ...partial }),
    )
    at += Math.round(processingMs)
  }
  add({ action: 'init', screen: '', next: SCREENS[0] as string })
  for (const [index, screen] of SCREENS.entries()) {
    const chance = index === 1 && service === 'emergency' ? 0.7 : 0.06
    if (random() < chance) break
    at += Math.round(logNormal(random, 8_000, 0.6))
    const input = inputs[index] ?? {}
    if (random() < 0.08) {
      add({
        screen,
        next: screen,
        outcome: 'rejected',
        input,
        errors: [{ code: 'invalid_field', field: 'date', rule: 'min' }],
      })
      at += Math.round(logNormal(random, 5_000, 0.6))
    }
    const next = SCREENS[index + 1] ?? SUCCESS
    add({ screen, next, outcome: next === SUCCESS ? 'completed' : 'shown', input })
  }
  return events
}
