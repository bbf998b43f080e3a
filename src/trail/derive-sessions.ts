// Computes the sessions of one token from its events. Any order of arrival, any duplication and any split into batches gives the
// same sessions.

import { readableId } from '../lib/ids.ts'
import { isMissing, type Json, own } from '../lib/json.ts'
import type { TrailEvent } from './event.ts'
import { createVisits } from './screen-visits.ts'
import { isChoice, type Session, type SessionRules, stepsOfPath } from './session.ts'

/** `events`: all events of one token in one flow, in any order, duplicates allowed. */
export function sessionsOf(events: readonly TrailEvent[], rules: SessionRules): Session[] {
  const ordered = inOrder(events)
  return spansOf(ordered, rules.gapMs).map((span) => sessionOf(span, rules, ordered.length))
}

/** By time received, then id; each event once, as first received. */
export function inOrder(events: readonly TrailEvent[]): TrailEvent[] {
  const unique = new Map<string, TrailEvent>()
  for (const event of [...events].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1)))
    if (!unique.has(event.id)) unique.set(event.id, event)
  return [...unique.values()]
}

/** The id of the session that starts with this event. */
export const sessionIdOf = (first: Pick<TrailEvent, 'flow' | 'token' | 'id'>): string =>
  readableId(`${first.flow}\n${first.token}\n${first.id}`)

/**
 * The ids of repeated events. An event is a repeat if it has the action, screen and data of the event just before it (people tap again
 * when a reply is slow), or a sequence number seen before. A retry after a rejection or a failure is no repeat. `ordered`: one session.
 */
export function repeatsOf(ordered: readonly TrailEvent[], rules: SessionRules): ReadonlySet<string> {
  const repeats = new Set<string>()
  const servedNumbers = new Set<string>()
  let previous: TrailEvent | undefined
  for (const event of ordered) {
    const isTap =
      previous && wasServed(previous) && event.at - previous.at <= rules.repeatWindowMs && isSame(event, previous)
    const isNumbered = event.sequence !== undefined && servedNumbers.has(event.sequence)
    if (isTap || isNumbered) repeats.add(event.id)
    if (event.sequence !== undefined && wasServed(event)) servedNumbers.add(event.sequence)
    previous = event
  }
  return repeats
}

const isSame = (a: TrailEvent, b: TrailEvent): boolean =>
  a.action === b.action && a.screen === b.screen && a.fingerprint === b.fingerprint

const wasServed = ({ outcome }: TrailEvent): boolean => outcome !== 'rejected' && outcome !== 'failed'

function spansOf(ordered: readonly TrailEvent[], gapMs: number): TrailEvent[][] {
  const spans: TrailEvent[][] = []
  let last = Number.NEGATIVE_INFINITY
  for (const event of ordered) {
    if (event.at - last > gapMs) spans.push([])
    spans.at(-1)?.push(event)
    last = event.at
  }
  return spans
}

function sessionOf(events: readonly TrailEvent[], rules: SessionRules, sourceEventCount: number): Session {
  const first = events[0] as TrailEvent
  const repeats = repeatsOf(events, rules)
  const fresh = events.filter((event) => !repeats.has(event.id))
  const visits = createVisits()
  for (const event of fresh) visits.add(event)
  const { steps, backs, reopens } = visits.result()
  const completing = fresh.findIndex((event) => event.outcome === 'completed')
  const completion = fresh[completing]
  const path = stepsOfPath(steps).map((step) => step.screen)
  return {
    id: sessionIdOf(first),
    flow: first.flow,
    version: first.version,
    token: first.token,
    startedAt: first.at,
    lastAt: (events.at(-1) as TrailEvent).at,
    ...(completion && { completedAt: completion.at }),
    steps,
    furthest: furthestStep(path, rules.funnel),
    exit: path.at(-1) ?? '',
    choices: lastChoices(completion ? fresh.slice(0, completing + 1) : fresh, rules),
    counts: {
      events: events.length,
      repeats: repeats.size,
      rejects: fresh.filter((event) => event.outcome === 'rejected').length,
      backs,
      reopens,
      clientErrors: fresh.filter((event) => event.action === 'client_error').length,
    },
    sourceEventCount,
  }
}

/** The index of the last funnel step reached in order; -1 if none was. */
function furthestStep(screens: readonly string[], funnel: SessionRules['funnel']): number {
  let furthest = -1
  for (const screen of screens) if (funnel[furthest + 1]?.includes(screen)) furthest++
  return furthest
}

/** A refused request chooses nothing. An accepted submission of a field without a value takes its choice back. */
function lastChoices(events: readonly TrailEvent[], rules: SessionRules): { [field: string]: Json } {
  const choices = new Map<string, Json>()
  for (const event of events) {
    if (event.outcome === 'rejected') continue
    for (const field of own(rules.choices, event.screen) ?? []) {
      const value = own(event.input, field)
      if (value === undefined) continue
      if (isChoice(value)) choices.set(field, value)
      else if (isMissing(value) && isAccepted(event)) choices.delete(field)
    }
  }
  return Object.fromEntries(choices)
}

/** A component's exchange submits nothing. */
const isAccepted = ({ action, outcome, trigger }: TrailEvent): boolean =>
  action === 'submit' && trigger === undefined && (outcome === 'shown' || outcome === 'completed')
