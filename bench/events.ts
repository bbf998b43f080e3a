// Events as they are in life, made by number: everyone walks all screens of the example flow, one in ten is refused once, and
// tokens, ids and inputs are as long as they are in life.

import { sha256 } from '../src/lib/ids.ts'
import { SUCCESS, type TrailEvent } from '../src/trail/event.ts'
import type { SessionRulebook } from '../src/trail/session.ts'
import { eventOf, START } from '../test/arbitrary-events.ts'

const EVENTS_PER_SESSION = 5
/** Sessions under way at the same time: their events arrive interleaved, one step of each after the other. */
const AT_ONCE = 1_000
/** From one event to the next. */
const PACE_MS = 37
const HOUR = 3_600_000

const SCREENS = ['SERVICE_SELECTION', 'DATE_TIME', 'CONTACT_INFO', 'CONFIRMATION']
const INPUTS = [
  (session: number) => ({ service: session % 3 === 0 ? 'emergency' : 'routine' }),
  (session: number) => ({ date: `2026-03-${10 + (session % 18)}`, slot: `slot_${session % 12}` }),
  (session: number) => ({ phone: { $hash: `h:${sha256(`phone ${session}`).slice(0, 22)}` }, note: { $length: 42 } }),
]

const RULES = { gapMs: 24 * HOUR, repeatWindowMs: 15_000, funnel: SCREENS.map((screen) => [screen]) }
export const RULEBOOK: SessionRulebook = {
  flows: { 'repair-booking': { ...RULES, choices: { SERVICE_SELECTION: ['service'], DATE_TIME: ['slot'] } } },
  otherwise: { ...RULES, choices: {} },
}

/** When so many events have been made. */
export const instantAfter = (count: number): number => START + count * PACE_MS

export const eventsFrom = (first: number, count: number): TrailEvent[] =>
  Array.from({ length: count }, (_, index) => eventNumber(first + index))

export function* batchesOf(size: number, total: number): Generator<TrailEvent[]> {
  for (let first = 0; first < total; first += size) yield eventsFrom(first, Math.min(size, total - first))
}

export const tokenOf = (session: number): string => sha256(`token ${session}`).slice(0, 32)

function eventNumber(number: number): TrailEvent {
  const round = Math.floor(number / (AT_ONCE * EVENTS_PER_SESSION))
  const step = Math.floor(number / AT_ONCE) % EVENTS_PER_SESSION
  const session = round * AT_ONCE + (number % AT_ONCE)
  const base = {
    id: sha256(`event ${number}`),
    token: tokenOf(session),
    at: instantAfter(number),
    processingMs: (number % 900) / 100 + 1.5,
    upstreamMs: step === 1 ? (number % 40_000) / 100 : 0,
    requestBytes: 500 + (number % 400),
    replyBytes: 300 + (number % 2_000),
  }
  const screen = SCREENS[step - 1] ?? ''
  if (step === 0) return eventOf({ ...base, action: 'init', screen: '', next: 'SERVICE_SELECTION' })
  if (step === 4) return eventOf({ ...base, screen, next: SUCCESS, outcome: 'completed', input: {} })
  const isRefused = session % 10 === 0 && step === 3
  return eventOf({
    ...base,
    screen,
    next: isRefused ? screen : (SCREENS[step] ?? ''),
    outcome: isRefused ? 'rejected' : 'shown',
    input: INPUTS[step - 1]?.(session) ?? {},
    errors: isRefused ? [{ code: 'invalid_field', field: 'phone', rule: 'type' }] : [],
  })
}
