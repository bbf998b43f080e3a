// The state of a session: `session` in expressions, and where BACK leads.

import { isObject, type Json, type JsonObject } from '../lib/json.ts'
import { sessionIdOf } from '../trail/derive-sessions.ts'
import { SUCCESS, type TrailEvent } from '../trail/event.ts'
import { PATH_BYTES, remember, weightOf } from './remembered-input.ts'

/** A screen that was shown, and the data that led to it, to show it again. */
export type Stop = { readonly screen: string; readonly input: JsonObject }

export type LiveSession = {
  readonly id: string
  readonly startedAt: number
  readonly lastAt: number
  /** From the first screen to the present one. */
  readonly path: readonly Stop[]
  /** The last accepted value of every field. */
  readonly inputs: JsonObject
}

/** Longer paths lose their beginning. */
const MAX_PATH = 50

/** The session after this event. `input`: the submitted data, if still known before the field policy. */
export function advance(
  session: LiveSession | undefined,
  event: TrailEvent,
  input: JsonObject,
  gapMs: number,
): LiveSession {
  const { id, startedAt, lastAt, path, inputs } = continued(session, event.at, gapMs) ?? {
    id: sessionIdOf(event),
    startedAt: event.at,
    lastAt: event.at,
    path: [],
    inputs: {},
  }
  const wasAccepted = event.action === 'submit' && (event.outcome === 'shown' || event.outcome === 'completed')
  return {
    id,
    startedAt,
    lastAt: Math.max(lastAt, event.at),
    path: shortened(pathAfter(path, event, remember({}, input).inputs)),
    inputs: wasAccepted ? remember(inputs, input).inputs : inputs,
  }
}

/** About the bytes of a session in memory. */
export const weightOfSession = ({ path, inputs }: LiveSession): number => weightOf(inputs) + weightOfPath(path) + 1_024

/** The session, unless the silence was longer than the gap. */
export const continued = (session: LiveSession | undefined, at: number, gapMs: number): LiveSession | undefined =>
  session && at - session.lastAt <= gapMs ? session : undefined

/** Rebuilds a session from stored events, without withheld values. `events`: of one token, in order. */
export const recall = (events: readonly TrailEvent[], gapMs: number): LiveSession | undefined =>
  events.reduce<LiveSession | undefined>(
    (session, event) => advance(session, event, keptOf(event.input), gapMs),
    undefined,
  )

/** Merges the session in memory, which has values that the field policy withholds, with the stored one, which has other processes' events. */
export function reconciled(known: LiveSession | undefined, stored: LiveSession | undefined): LiveSession | undefined {
  if (!known || !stored || stored.lastAt <= known.lastAt) return known ?? stored
  const isSame = stored.startedAt <= known.lastAt
  return isSame ? { ...stored, inputs: remember(known.inputs, stored.inputs).inputs } : stored
}

/** The last stop at this screen, else the last stop. */
export const stopOf = (path: readonly Stop[], screen: string): Stop | undefined => path.at(indexOf(path, screen))

/** The stop that Back leads to. A screen we never sent follows the last one we sent. */
export function stopBefore(path: readonly Stop[], screen: string): Stop | undefined {
  const wasSent = screen === '' || path.some((stop) => stop.screen === screen)
  return wasSent ? path[indexOf(path, screen) - 1] : path.at(-1)
}

function shortened(path: readonly Stop[]): readonly Stop[] {
  let room = PATH_BYTES
  const first = path.findLastIndex(({ input }) => {
    room -= weightOf(input, room)
    return room < 0
  })
  return path.slice(Math.max(first + 1, path.length - MAX_PATH))
}

const weightOfPath = (path: readonly Stop[]): number => path.reduce((sum, { input }) => sum + weightOf(input), 0)

function pathAfter(path: readonly Stop[], event: TrailEvent, input: JsonObject): readonly Stop[] {
  const { action, outcome, screen, next } = event
  if (outcome !== 'shown' || next === SUCCESS) return path
  if (action === 'init') return [{ screen: next, input: {} }]
  if (action === 'back') {
    const stop = stopBefore(path, screen)
    return stop?.screen === next ? path.slice(0, path.lastIndexOf(stop) + 1) : [{ screen: next, input: {} }]
  }
  const here = indexOf(path, screen)
  const upToHere =
    here >= 0 && path[here]?.screen === screen ? path.slice(0, here + 1) : [...path, { screen, input: {} }]
  return next === screen ? [...upToHere.slice(0, -1), { screen, input }] : [...upToHere, { screen: next, input }]
}

/** The last stop at this screen, else the last stop; -1 on an empty path. */
function indexOf(path: readonly Stop[], screen: string): number {
  const found = path.findLastIndex((stop) => stop.screen === screen)
  return found >= 0 ? found : path.length - 1
}

function keptOf(input: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => !isWithheld(value)))
}

const isWithheld = (value: Json): boolean =>
  isObject(value) && ('$length' in value || '$hash' in value || '$mask' in value)
