// One person walking the flow: from opening it until it is completed, they leave, or an answer is wrong.

import { type Flow, type Screen, screensAfter } from '../flow/definition.ts'
import { isTrue, type Scope } from '../flow/expression.ts'
import type { JsonObject } from '../lib/json.ts'
import { SUCCESS } from '../trail/event.ts'
import { type Expectation, wrongAcknowledgement, wrongScreen } from './check-reply.ts'
import type { Exchange, Exchanged } from './exchange.ts'
import { spoil, spoilAsUsual } from './mistakes.ts'
import type { Profile } from './profile.ts'
import { logNormal, type Random } from './random.ts'
import type { End, FindingKind } from './run-counts.ts'
import { fillIn } from './values.ts'

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

export async function walkFlow(person: Person): Promise<End> {
  let turn = await open(person, {})
  for (let turns = 0; turns < MAX_TURNS; turns++) {
    if ('how' in turn) return turn
    turn = await act(person, turn)
  }
  return LEFT
}

/** After this many turns, a person who goes in circles leaves. */
const MAX_TURNS = 200
const LEFT: End = { how: 'left' }

/** A screen in front of the person. */
type PersonPlace = {
  readonly screen: Screen
  readonly data: JsonObject
  /** The screens that Back leads through, this one last. */
  readonly visited: readonly string[]
  /** What was accepted so far, by field. */
  readonly inputs: JsonObject
  /** False when the same screen came back with an error. */
  readonly isNew: boolean
}

type PersonTurn = PersonPlace | End

async function act(person: Person, place: PersonPlace): Promise<PersonTurn> {
  const { profile, random } = person
  const { screen, visited, inputs, isNew } = place
  if (person.isStopped()) return { how: 'stopped' }
  if (isNew && random() < (await leaveChance(person, place))) return LEFT
  await person.wait(logNormal(random, profile.pace.medianMs, profile.pace.spread))

  if (isNew && random() < profile.clientError) {
    const end = await reportError(person, screen)
    if (end) return end
  }
  if (random() < profile.reopen) return open(person, inputs)
  if (visited.length > 1 && random() < profile.back) return goBack(person, place)
  if (screen.submission.next.length === 0) return { how: 'closed' }
  return submit(person, place)
}

async function leaveChance({ profile }: Person, { screen, data, inputs }: PersonPlace): Promise<number> {
  for (const rule of profile.leave) {
    if (rule.screen !== undefined && rule.screen !== screen.id) continue
    if (!rule.when || isTrue(await rule.when.evaluate({ known: inputs, data }))) return rule.chance
  }
  return 0
}

async function open(person: Person, inputs: JsonObject): Promise<PersonTurn> {
  const request = { ...base(person), action: 'INIT', screen: '', data: {} }
  const told = await ask(person, 'init', request, 'on opening', { to: [person.flow.start], isRefused: false })
  return 'how' in told ? told : { ...told, visited: [told.screen.id], inputs, isNew: true }
}

async function goBack(person: Person, { screen, visited, inputs }: PersonPlace): Promise<PersonTurn> {
  const request = { ...base(person), action: 'BACK', screen: screen.id, data: {} }
  const to = [...new Set([...visited.slice(0, -1).reverse(), person.flow.start])]
  const told = await ask(person, 'back', request, `on going back from ${screen.id}`, { to, isRefused: false })
  if ('how' in told) return told
  const path = visited.slice(0, visited.lastIndexOf(told.screen.id, -2) + 1)
  return { ...told, visited: path.length > 0 ? path : [told.screen.id], inputs, isNew: true }
}

/** The phone reports that it could not use what it was sent; such a report never carries a token signature. */
async function reportError(person: Person, { id }: Screen): Promise<End | undefined> {
  const { flow_token_signature: _, ...unsigned } = base(person)
  const data = { error: 'payload-schema-error', error_message: `${id} could not be shown` }
  const answered = await person.exchange('client_error', { ...unsigned, action: 'data_exchange', screen: id, data })
  const doing = `on reporting an error of the phone from ${id}`
  if (!answered.ok) return failed(person, doing, answered)
  const problem = wrongAcknowledgement(answered.reply)
  return problem === undefined ? undefined : wrong(person, `${doing}: ${problem}`)
}

async function submit(person: Person, place: PersonPlace): Promise<PersonTurn> {
  const { profile, random } = person
  const { screen, data, visited, inputs } = place
  const today = person.today()
  const filled = await fillIn(screen.fields, { random, today, data, wishes: profile.values }, scopeOf(person, place))
  if (!filled.ok) {
    if (filled.reason === 'nothing_offered') return LEFT
    return { how: 'stuck', sentence: `${person.name} on ${screen.id}: ${filled.message}` }
  }

  const spoilt =
    spoilAsUsual(screen.fields, filled.input, profile.mistakes, random) ??
    (random() < profile.invalid ? spoil(screen.fields, filled.input, today, random) : undefined)
  const input = spoilt?.input ?? filled.input
  const to = spoilt ? [screen.id] : endsOf(screen)
  const request = { ...base(person), action: 'data_exchange', screen: screen.id, data: input }
  const doing = `on submitting ${spoilt ? `a bad ${spoilt.field}` : 'good data'} from ${screen.id}`
  const send = () => ask(person, 'submit', request, doing, { to, isRefused: spoilt !== undefined })

  const [told, second] = await Promise.all(random() < profile.doubleTap ? [send(), send()] : [send()])
  for (const turn of [told, second]) if (turn && 'how' in turn && turn.how !== 'completed') return turn
  if ('how' in told) return told
  if (second && 'screen' in second && second.screen !== told.screen) {
    const found = `${told.screen.id} and ${second.screen.id}`
    return wrong(person, `${doing} twice at once: expected the same screen both times, found ${found}`)
  }
  if (spoilt) return { ...place, ...told, isNew: false }
  return { ...told, visited: [...visited, told.screen.id], inputs: { ...inputs, ...input }, isNew: true }
}

/** Where a good submission can lead. */
const endsOf = (screen: Screen): string[] => [
  ...screensAfter(screen),
  ...(screen.submission.next.some(({ kind }) => kind === 'complete') ? [SUCCESS] : []),
]

type ReplyFacts = Pick<PersonPlace, 'screen' | 'data'>
type Expected = Pick<Expectation, 'to' | 'isRefused'>

/** What the person is shown next, if it is what the flow promises. `doing` says what they did, for a sentence. */
async function ask(
  person: Person,
  kind: FindingKind,
  request: JsonObject,
  doing: string,
  expected: Expected,
): Promise<ReplyFacts | End> {
  const { flow, profile, token } = person
  const answered = await person.exchange(kind, request)
  if (!answered.ok) return failed(person, doing, answered)

  const problem = wrongScreen(answered.reply, { flow, version: profile.dataApi, token, ...expected })
  if (problem !== undefined) return wrong(person, `${doing}: ${problem}${inputOf(request)}`)
  if (answered.reply.screen === SUCCESS) return { how: 'completed' }
  const screen = flow.screens.get(answered.reply.screen as string) as Screen
  return { screen, data: (answered.reply.data ?? {}) as JsonObject }
}

function base({ profile, token, tokenSignature }: Person): JsonObject {
  const signature = tokenSignature === undefined ? {} : { flow_token_signature: tokenSignature }
  return { version: profile.dataApi, flow_token: token, ...signature }
}

function scopeOf({ token, now }: Person, { visited, inputs }: PersonPlace): Scope {
  return { known: inputs, session: { screens: visited }, token, now: now() }
}

function failed({ name }: Person, doing: string, { reason, found }: Exclude<Exchanged, { ok: true }>): End {
  return { how: reason, sentence: `${name} ${doing}: expected an encrypted answer, found ${found}` }
}

const wrong = ({ name }: Person, what: string): End => ({ how: 'wrong', sentence: `${name} ${what}` })

function inputOf({ data }: JsonObject): string {
  const text = JSON.stringify(data)
  return text === '{}' ? '' : `; it was sent ${text.length > 300 ? `${text.slice(0, 300)}…` : text}`
}
