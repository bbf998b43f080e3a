// The state of a session: what expressions see of it, and which answer a second tap gets.

import { sha256 } from '../lib/ids.ts'
import { canonical, isObject, type JsonObject } from '../lib/json.ts'
import { sessionIdOf } from '../trail/derive-sessions.ts'
import { isWithheld, SUCCESS, type TrailEvent } from '../trail/event.ts'
import { MAX_STOPS, wayAfter } from '../trail/way.ts'
import type { ApiAnswer } from './call-api.ts'
import { remember, SENT_BYTES, weightOf } from './remembered-input.ts'

export type LiveSession = {
  readonly id: string
  readonly startedAt: number
  readonly lastAt: number
  /** When the flow was opened last, or the first request came. */
  readonly openedAt: number
  /** From the first screen to the present one. */
  readonly path: readonly string[]
  /** The last accepted value of every name, and the same by screen; since the flow was opened last. */
  readonly known: JsonObject
  readonly at: JsonObject
  /** By `set`. */
  readonly vars: JsonObject
  /** What each screen was last sent with. */
  readonly sent: JsonObject
  /** How many requests of the session were served. */
  readonly served: number
  /** The request that was served last. */
  readonly last?: Served
  /** The answers of calls for a submission that could not be served yet. */
  readonly pending?: Pending
}

export type Served = {
  /** By `requestKeyOf`. */
  readonly key: string
  readonly at: number
  readonly outcome: 'shown' | 'completed'
  readonly next: string
  /** The plaintext of the reply, unless that is large. */
  readonly text?: string
}

export type Pending = { readonly key: string; readonly answers: { readonly [name: string]: ApiAnswer } }

/** What a request changes, besides what its event tells. */
export type Change = {
  /** What was submitted, before the field policy. */
  readonly input: JsonObject
  readonly vars?: JsonObject
  /** What the screen was sent with. */
  readonly sent?: JsonObject
  readonly last?: Served
  readonly pending?: Pending
  /** The request before, of which this is the same again: it changes nothing. */
  readonly repeated?: Served
}

type SessionEvent = Pick<TrailEvent, 'flow' | 'token' | 'id' | 'at' | 'action' | 'screen' | 'next' | 'outcome'>

/** The session after this event. */
export function advance(
  session: LiveSession | undefined,
  event: SessionEvent,
  change: Change,
  gapMs: number,
): LiveSession {
  const before = continued(session, event.at, gapMs) ?? begunBy(event)
  const { action, outcome, screen, next } = event
  const wasServed = outcome === 'shown' || outcome === 'completed'
  const { id, startedAt } = before
  const lastAt = Math.max(before.lastAt, event.at)
  if (change.repeated) return { ...before, lastAt, last: change.repeated }
  // The phone reports that a reply came late, and then the person taps again.
  if (action === 'client_error') return { ...before, lastAt }
  const { last, pending = wasServed ? undefined : before.pending } = change
  const common = { id, startedAt, lastAt, ...(last && { last }), ...(pending && { pending }) }
  if (action === 'init') {
    const sent = sentTo({}, next, change.sent)
    const served = before.served + (wasServed ? 1 : 0)
    return { ...common, openedAt: event.at, path: [next], known: {}, at: {}, vars: change.vars ?? {}, sent, served }
  }
  if (next === SUCCESS) return { ...common, openedAt: before.openedAt, ...NOTHING_SAID, served: before.served }
  const isAccepted = action === 'submit' && wasServed
  return {
    ...common,
    vars: change.vars ?? before.vars,
    openedAt: before.openedAt,
    path: wasServed ? wayAfter(before.path, event) : before.path,
    known: isAccepted ? remember(before.known, change.input).inputs : before.known,
    at: isAccepted ? remember(before.at, { [screen]: inputAt(before, screen, change.input) }).inputs : before.at,
    sent: sentTo(before.sent, next, change.sent),
    served: before.served + (wasServed ? 1 : 0),
  }
}

const begunBy = (event: SessionEvent): LiveSession => ({
  id: sessionIdOf(event),
  startedAt: event.at,
  lastAt: event.at,
  openedAt: event.at,
  ...NOTHING_SAID,
  served: 0,
})

/** Before anything was shown, submitted or set. */
export const NOTHING_SAID: Pick<LiveSession, 'path' | 'known' | 'at' | 'vars' | 'sent'> = {
  path: [],
  known: {},
  at: {},
  vars: {},
  sent: {},
}

/** What was submitted from a screen, with what was before. */
export const inputAt = ({ at }: Pick<LiveSession, 'at'>, screen: string, input: JsonObject): JsonObject => {
  const before = at[screen]
  return isObject(before) ? { ...before, ...input } : input
}

/** The screens sent last stay, as far as there is room. */
function sentTo(before: JsonObject, screen: string, data: JsonObject = {}): JsonObject {
  if (screen === '' || screen === SUCCESS) return before
  const earlier = before[screen]
  const { inputs: here } = remember(isObject(earlier) ? earlier : {}, data)
  let room = SENT_BYTES - weightOf(here)
  const { [screen]: _, ...others } = before
  const kept = Object.entries(others)
    .reverse()
    .filter(([, sent]) => {
      room -= weightOf(sent, room)
      return room >= 0
    })
  return Object.fromEntries([...kept.reverse(), [screen, here]])
}

/** Equal for two taps on the same. */
export function requestKeyOf(action: string, screen: string, input: JsonObject): string {
  const text = `${action}\n${screen}\n${canonical(input)}`
  return text.length > LONGEST_KEY ? sha256(text) : text
}

const LONGEST_KEY = 400

/** About the bytes of a session in memory. */
export const weightOfSession = ({ known, at, vars, sent, last, pending }: LiveSession): number =>
  [known, at, vars, sent, (pending?.answers ?? {}) as unknown as JsonObject].reduce(
    (sum, part) => sum + weightOf(part),
    2 * (last?.text?.length ?? 0) + 1_024,
  )

/** The session, unless the silence was longer than the gap. */
export const continued = (session: LiveSession | undefined, at: number, gapMs: number): LiveSession | undefined =>
  session && at - session.lastAt <= gapMs ? session : undefined

/** Rebuilds a session from stored events, without withheld values. `events`: of one token, in order. */
export const recall = (events: readonly TrailEvent[], gapMs: number): LiveSession | undefined =>
  events.reduce<LiveSession | undefined>(
    (session, event) => advance(session, event, { input: keptOf(event.input) }, gapMs),
    undefined,
  )

/** What is stored of a session. `isSealed`: all of it, else what its events tell. */
export type Stored = { readonly session: LiveSession | undefined; readonly isSealed: boolean }

/** Merges the session in memory, which has what events do not tell, with the stored one, which has other processes' events. */
export function reconciled(
  known: LiveSession | undefined,
  { session: stored, isSealed }: Stored,
): LiveSession | undefined {
  if (!known || !stored || stored.lastAt <= known.lastAt) return known ?? stored
  if (isSealed || stored.startedAt > known.lastAt || stored.openedAt > known.openedAt) return stored
  const { vars, sent } = known
  return { ...stored, vars, sent, ...inputsOf(known, stored) }
}

/** The session that began in memory before anybody knew of the stored one, of which it is the rest. */
export function continuing(stored: LiveSession | undefined, known: LiveSession | undefined, gapMs: number) {
  if (!stored || !known || !continued(stored, known.startedAt, gapMs)) return known ?? stored
  const { id, startedAt, openedAt } = stored
  const from = stored.path.lastIndexOf(known.path[0] ?? '')
  return {
    ...known,
    id,
    startedAt,
    openedAt,
    lastAt: Math.max(stored.lastAt, known.lastAt),
    path: [...(from < 0 ? stored.path : stored.path.slice(0, from)), ...known.path].slice(-MAX_STOPS),
    ...inputsOf(stored, known),
    vars: { ...stored.vars, ...known.vars },
    sent: { ...stored.sent, ...known.sent },
    served: stored.served + known.served,
  }
}

function inputsOf(earlier: LiveSession, later: LiveSession): Pick<LiveSession, 'known' | 'at'> {
  const at = Object.entries(later.at).reduce((all, [screen, input]) => {
    const here = isObject(input) ? inputAt({ at: all }, screen, input) : input
    return remember(all, { [screen]: here }).inputs
  }, earlier.at)
  return { known: remember(earlier.known, later.known).inputs, at }
}

function keptOf(input: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => !isWithheld(value)))
}
