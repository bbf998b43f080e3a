// People who wander about in the flow of docs/numbers.md: refusals, Back, opening again, long detours, errors, ends of all kinds.

import { pick, pickWeighted, type Random, seededRandom } from '../src/simulate/random.ts'
import { SUCCESS, type TrailEvent } from '../src/trail/event.ts'
import { eventOf, START } from './arbitrary-events.ts'
import { NOW } from './numbers-page.ts'

const SCREENS = ['SERVICE', 'DATE', 'HELP', 'CONTACT', 'CONFIRM', 'EMERGENCY']
const DAY = 86_400_000
const HOUR = 3_600_000

/** Some choose both; an empty answer takes back what they chose before. */
const SERVICES = ['emergency', 'routine', 'routine', ['routine', 'emergency'], ['emergency', 'routine'], '']

type Move = 'go' | 'refused' | 'back' | 'open again' | 'client error' | 'failed' | 'complete'

const MOVES: readonly { readonly value: Move; readonly weight: number }[] = [
  { value: 'go', weight: 62 },
  { value: 'refused', weight: 12 },
  { value: 'back', weight: 8 },
  { value: 'open again', weight: 5 },
  { value: 'client error', weight: 5 },
  { value: 'failed', weight: 3 },
  { value: 'complete', weight: 5 },
]

/** Each begins on one of the two days of the page; the same seed gives the same people. */
export function walkersEvents(people: number, seed = 'walkers'): TrailEvent[] {
  const random = seededRandom(seed)
  return Array.from({ length: people }, (_, person) => eventsOf(random, person)).flat()
}

function eventsOf(random: Random, person: number): TrailEvent[] {
  const token = `walker-${person}`
  const version = pick(random, ['1f3a5c7e', '2b4d6f80'])
  const events: TrailEvent[] = []
  let at = START + pick(random, [0, DAY]) + Math.floor(random() * 13 * HOUR)
  let here = 'SERVICE'
  const add = (partial: Partial<TrailEvent>) => {
    const processingMs = pick(random, [4, 40, 900, 2_500, 6_000])
    events.push(eventOf({ token, version, at, processingMs, fingerprint: `${person} ${events.length}`, ...partial }))
    at += Math.floor(random() ** 3 * 90_000) + 10_000
  }
  add({ action: 'init', screen: '', next: here })
  // A few walk for longer than paths are told apart.
  const length = person % 100 === 0 ? 90 : Math.floor(random() * 12)
  for (let step = 0; step < length; step++) {
    const move = pickWeighted(random, MOVES).value
    const next = move === 'open again' ? 'SERVICE' : pick(random, SCREENS)
    add(requestOf(move, here, next, random))
    if (move === 'complete' && random() < 0.7) break
    if (move === 'go' || move === 'back' || move === 'open again') here = next
    // The phone moves by itself.
    if (random() < 0.03) here = pick(random, SCREENS)
  }
  return events.filter((event) => event.at < NOW)
}

function requestOf(move: Move, screen: string, next: string, random: Random): Partial<TrailEvent> {
  const input = screen === 'SERVICE' ? { service: pick(random, SERVICES) } : {}
  switch (move) {
    case 'go':
      return { screen, next, input }
    case 'refused':
      return { screen, next: screen, outcome: 'rejected', errors: [refusalOf(pick(random, ['date', 'phone']))] }
    case 'back':
      return { action: 'back', screen, next }
    case 'open again':
      return { action: 'init', screen: '', next }
    case 'client error':
      return { action: 'client_error', screen, next: '', outcome: 'acknowledged', errors: [{ code: 'client:timeout' }] }
    case 'failed':
      return { screen, next: '', outcome: 'failed', errors: [{ code: 'upstream_timeout', field: 'slots' }] }
    case 'complete':
      return { screen, next: SUCCESS, outcome: 'completed', input }
  }
}

const refusalOf = (field: string) => ({ code: 'invalid_field', field, rule: 'type' })
