// What people of a run have in common: who they are, where they are, and what an answer leads to.

import {
  type Branch,
  type Flow,
  type Exchange as FlowExchange,
  isAnsweredElsewhere,
  type Screen,
  targetOf,
} from '../flow/definition.ts'
import { isTrue, type Scope } from '../flow/expression.ts'
import { mayAnswer } from '../flow-json/follow-ups.ts'
import type { Json, JsonObject } from '../lib/json.ts'
import { SUCCESS } from '../trail/event.ts'
import { type Expectation, wrongScreen } from './check-reply.ts'
import type { Exchange, Exchanged } from './exchange.ts'
import { initialForm, type Stop } from './phone.ts'
import type { Profile } from './profile.ts'
import type { Random } from './random.ts'
import type { End, FindingKind } from './run-counts.ts'

export type Person = {
  /** For sentences. */
  readonly name: string
  readonly token: string
  /** For data API 4.0; absent on 3.0 and without an app secret. */
  readonly tokenSignature?: string
  readonly flow: Flow
  readonly profile: Profile
  /** Decides everything; only the answers of the endpoint determine the order of the draws. */
  readonly random: Random
  readonly exchange: Exchange
  readonly wait: (ms: number) => Promise<void>
  readonly now: () => number
  /** `YYYY-MM-DD` where the business is. */
  readonly today: () => string
  readonly isStopped: () => boolean
}

/** A screen in front of the person. */
export type Place = {
  /** The stops that Back leads through, this one last. */
  readonly way: readonly Stop[]
  /** What was accepted so far, by name. */
  readonly known: JsonObject
  /** The same by screen. */
  readonly at: { readonly [screen: string]: JsonObject }
  /** False when the same screen came back with an error. */
  readonly isNew: boolean
  /** How often good data was refused since some was accepted. */
  readonly refusals: number
}

export type Turn = Place | End

export const hereOf = ({ way }: Place): Stop => way.at(-1) as Stop

export type Told = { readonly screen: string; readonly data: JsonObject; readonly message?: string }
export type Expected = Pick<Expectation, 'to' | 'tells'> & { readonly from?: string }

/** What the person is told next, if it is what the flow promises. `doing` says what they did, for a sentence. */
export async function ask(
  person: Person,
  kind: FindingKind,
  request: JsonObject,
  doing: string,
  expected: Expected,
  shown: JsonObject = {},
): Promise<Told | End> {
  const { flow, profile, token } = person
  const answered = await person.exchange(kind, { ...base(person), ...request })
  if (!answered.ok)
    return answered.reason === 'closed' && canClose(flow) ? { how: 'closed' } : failed(person, doing, answered)

  const { reply } = answered
  const problem = wrongScreen(reply, { flow, version: profile.dataApi, token, shown, ...expected })
  if (problem !== undefined) return wrong(person, `${doing}: ${problem}${inputOf(request)}`)
  if (reply.screen === SUCCESS) return { how: 'completed' }
  const { error_message: message, ...data } = (reply.data ?? {}) as JsonObject
  return { screen: reply.screen as string, data, ...(typeof message === 'string' && message !== '' && { message }) }
}

export type Submitted = {
  readonly input: JsonObject
  readonly doing: string
  /** A part that the flow's `on` knows; undefined for the whole screen. */
  readonly exchange?: FlowExchange | 'marked' | undefined
  /** Whether something in it must be refused. */
  readonly isSpoilt: boolean
}

/** Sends what a screen submits, twice at once by chance, and goes where the answer leads. */
export async function send(person: Person, place: Place, submitted: Submitted): Promise<Turn> {
  const { input, doing, isSpoilt } = submitted
  const here = hereOf(place)
  const { onwards, staysSilently, tells } = promiseOf(person, here.id, submitted)
  const request = { action: 'data_exchange', screen: here.id, data: input }
  const to = [...onwards, ...(tells === 'never' && !staysSilently ? [] : [here.id])]
  const tap = () => ask(person, 'submit', request, doing, { to, tells, from: here.id }, here.data)
  const [told, second] = await Promise.all(person.random() < person.profile.doubleTap ? [tap(), tap()] : [tap()])
  const isSecondWrong = second && 'how' in second && second.how !== 'completed'
  if ('how' in told) return told.how === 'completed' && isSecondWrong ? second : told
  if (isSecondWrong) return second
  if (second && 'screen' in second && second.screen !== told.screen) {
    const found = `${told.screen} and ${second.screen}`
    return wrong(person, `${doing} twice at once: expected the same screen both times, found ${found}`)
  }
  if (told.screen === here.id && told.message !== undefined) return refused(person, place, told, isSpoilt)
  if (told.screen === here.id && !staysSilently)
    return wrong(person, `${doing}: expected another screen or an error_message, found ${here.id} without one`)
  return accepted(person, place, told, submitted)
}

/** What the flow says of a request. `staysSilently`: whether the screen can come again with nothing to be told. */
function promiseOf({ flow }: Person, id: string, { exchange, isSpoilt }: Submitted) {
  const screen = flow.screens.get(id)
  const branches = exchange === undefined ? screen?.submission.next : exchange === 'marked' ? [] : exchange.next
  const next = branches ?? []
  const isElsewhere = isAnsweredElsewhere(flow, screen)
  const targets = isElsewhere
    ? [...screensElsewhere(flow, id), SUCCESS]
    : next.flatMap((branch) => (branch.kind === 'complete' ? [SUCCESS] : targetOf(branch)))
  const onwards = isSpoilt ? [] : targets
  const tells: Expectation['tells'] = isSpoilt ? 'always' : isElsewhere || canRefuse(next, screen) ? 'maybe' : 'never'
  return { onwards, staysSilently: exchange !== undefined || onwards.includes(id), tells }
}

/** All that another server may answer a request from a screen with; without a screen, the opening. */
export const screensElsewhere = ({ flowJson, screens }: Flow, from?: string): readonly string[] =>
  flowJson ? [...flowJson.screens.keys()].filter((to) => mayAnswer(flowJson, from, to)) : [...screens.keys()]

function accepted(person: Person, place: Place, told: Told, { input, exchange }: Submitted): Turn {
  const here = hereOf(place)
  const learned = {
    known: { ...place.known, ...input },
    at: { ...place.at, [here.id]: { ...place.at[here.id], ...input } },
  }
  if (exchange === undefined || told.screen !== here.id) return { ...arrived(person, place.way, told), ...learned }
  const way = [...place.way.slice(0, -1), { ...here, data: { ...here.data, ...told.data } }]
  return { ...place, ...learned, way, isNew: false }
}

function refused(person: Person, place: Place, told: Told, isSpoilt: boolean): Turn {
  const here = hereOf(place)
  const refusals = place.refusals + (isSpoilt ? 0 : 1)
  if (refusals === MOST_REFUSALS) {
    const sentence = `${person.name} was refused ${refusals} times on ${here.id}, at last by ${JSON.stringify(told.message)}; say under values in the profile what people enter`
    return { how: 'stuck', sentence }
  }
  const way = [...place.way.slice(0, -1), { ...here, data: { ...here.data, ...told.data } }]
  return { ...place, way: emptied(person, way), isNew: false, refusals }
}

const MOST_REFUSALS = 12

/** On a screen that was on the way already, the way is cut back to it. */
export function arrived(person: Person, way: readonly Stop[], { screen, data }: Told): Place {
  const before = way.findLastIndex(({ id }) => id === screen)
  const kept = before < 0 ? way : way.slice(0, before)
  const shown = way.at(-1)?.id === screen ? { ...way.at(-1)?.data, ...data } : data
  return { ...NOTHING_KNOWN, way: emptied(person, [...kept, { id: screen, data: shown, form: {} }]), isNew: true }
}

/** Somewhere else, without anything submitted. */
export const stillKnowing = ({ known, at, refusals }: Place, place: Place): Place => ({ ...place, known, at, refusals })

const NOTHING_KNOWN = { known: {}, at: {}, refusals: 0 }

/** With the last form as it is at first. */
export function emptied({ flow }: Person, way: readonly Stop[]): readonly Stop[] {
  const here = way.at(-1)
  if (!here || !flow.flowJson) return way
  const blank = [...way.slice(0, -1), { ...here, form: {} }]
  return [...blank.slice(0, -1), { ...here, form: initialForm(flow.flowJson, blank) }]
}

/** Of the flow's `on`, or of its `trigger`. */
export async function exchangeOf(flow: Flow, screen: Screen | undefined, scope: Scope) {
  for (const exchange of screen?.on ?? []) if (isTrue(await exchange.when.evaluate(scope))) return exchange
  const marker = await flow.trigger?.evaluate(scope)
  return marker?.ok && marker.value !== undefined && marker.value !== null && marker.value !== '' ? 'marked' : undefined
}

/** Whether something that nobody on this side can judge may refuse good data: an API, a variable, what was sent before. */
function canRefuse(next: readonly Branch[], screen: Screen | undefined): boolean {
  const isTold = next.some((branch) => branch.kind === 'stay' || (branch.kind === 'to' && branch.message !== undefined))
  return isTold || (screen?.fields ?? []).some(isJudgedElsewhere)
}

const isJudgedElsewhere = ({ allowedBy, required, checks }: Screen['fields'][number]): boolean =>
  allowedBy !== undefined ||
  typeof required === 'object' ||
  checks.some(({ that }) => /\b(?:vars|api|sent|session|texts)\b/.test(that.text))

const canClose = ({ open, screens }: Flow): boolean =>
  [open, ...[...screens.values()].flatMap(({ submission, on }) => [submission, ...on])].some(({ next }) =>
    next.some(({ kind }) => kind === 'close'),
  )

export function base({ profile, token, tokenSignature }: Person): JsonObject {
  const signature = tokenSignature === undefined ? {} : { flow_token_signature: tokenSignature }
  return { version: profile.dataApi, flow_token: token, ...signature }
}

/** What expressions see, as far as a phone can know it. */
export function scopeOf({ flow, token, now, today }: Person, place: Place): Scope {
  const { known, at, way } = place
  const session = { screens: way.map(({ id }) => id) }
  return { known, at, session, sent: hereOf(place).data, lists: flow.lists, token, now: now(), today: today() }
}

export function failed(
  { name, flow, profile }: Person,
  doing: string,
  { reason, found }: Exclude<Exchanged, { ok: true }>,
): End {
  const how = reason === 'unreachable' ? 'unreachable' : 'wrong'
  const hint =
    reason === 'closed' && flow.tokens?.accept && profile.token === undefined
      ? '; say under token in the profile what an accepted one looks like'
      : ''
  return { how, sentence: `${name} ${doing}: expected an encrypted answer, found ${found}${hint}` }
}

export const wrong = ({ name }: Person, what: string): End => ({ how: 'wrong', sentence: `${name} ${what}` })

function inputOf({ data }: JsonObject): string {
  const text = JSON.stringify(data as Json)
  return text === '{}' ? '' : `; it was sent ${text.length > 300 ? `${text.slice(0, 300)}…` : text}`
}
