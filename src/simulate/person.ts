// One person walking the flow: from opening it until it is completed, they leave, or an answer is wrong.

import { isAnsweredElsewhere, targetOf } from '../flow/definition.ts'
import { isTrue } from '../flow/expression.ts'
import { entryScreens } from '../flow-json/follow-ups.ts'
import type { JsonObject } from '../lib/json.ts'
import { wrongAcknowledgement } from './check-reply.ts'
import { submitForm } from './form.ts'
import { logNormal } from './random.ts'
import type { End } from './run-counts.ts'
import { exampleData, useScreen } from './screen.ts'
import {
  arrived,
  ask,
  base,
  failed,
  hereOf,
  type Person,
  type Place,
  screensElsewhere,
  stillKnowing,
  type Turn,
  wrong,
} from './turn.ts'

export async function walkFlow(person: Person): Promise<End> {
  let turn = await open(person)
  for (let turns = 0; turns < MAX_TURNS; turns++) {
    if ('how' in turn) return turn
    turn = await act(person, turn)
  }
  return LEFT
}

/** After this many turns, a person who goes in circles leaves. */
const MAX_TURNS = 200
const LEFT: End = { how: 'left' }

async function act(person: Person, place: Place): Promise<Turn> {
  const { profile, random, flow } = person
  const { id } = hereOf(place)
  if (person.isStopped()) return { how: 'stopped' }
  // Being sent the screen counted as a completion already.
  const leaving: End = flow.screens.get(id)?.ends === 'completed' ? { how: 'completed' } : LEFT
  if (place.isNew && random() < (await leaveChance(person, place))) return leaving
  await person.wait(logNormal(random, profile.pace.medianMs, profile.pace.spread))

  if (place.isNew && random() < profile.clientError && flow.screens.has(id)) {
    const end = await reportError(person, id)
    if (end) return end
  }
  if (random() < profile.reopen) return open(person)
  const isGivenUp = place.refusals > 0 && place.refusals % TRIES === 0
  if (place.way.length > 1 && (isGivenUp || random() < profile.back)) return goBack(person, place)
  return flow.flowJson?.screens.has(id) ? useScreen(person, place) : submitForm(person, place)
}

/** After so many, people try another way. */
const TRIES = 4

async function leaveChance({ profile }: Person, place: Place): Promise<number> {
  const { id, data } = hereOf(place)
  for (const rule of profile.leave) {
    if (rule.screen !== undefined && rule.screen !== id) continue
    if (!rule.when || isTrue(await rule.when.evaluate({ known: place.known, data }))) return rule.chance
  }
  return 0
}

async function open(person: Person): Promise<Turn> {
  const { flow } = person
  const entries = flow.flowJson ? entryScreens(flow.flowJson) : []
  const [entry] = entries
  // Such a flow begins on the phone, with the data of the message.
  if (flow.flowJson && entry !== undefined && !entries.some((id) => flow.screens.has(id)))
    return arrived(person, [], { screen: entry, data: exampleData(flow.flowJson, entry) })
  const { next } = flow.open
  const isElsewhere = isAnsweredElsewhere(flow)
  const isTold = next.some((branch) => branch.kind === 'to' && branch.message !== undefined)
  const tells = isElsewhere || isTold ? 'maybe' : 'never'
  const to = isElsewhere ? screensElsewhere(flow) : [...new Set([...next.flatMap(targetOf), flow.start])]
  const request = { action: 'INIT', screen: '', data: {} }
  const told = await ask(person, 'init', request, 'on opening', { to, tells })
  return 'how' in told ? told : arrived(person, [], told)
}

/** By itself, or by asking. */
async function goBack(person: Person, place: Place): Promise<Turn> {
  const { flow } = person
  const { id } = hereOf(place)
  const before = place.way.slice(0, -1)
  const onPhone = flow.flowJson?.screens.get(id)
  if (onPhone && !onPhone.refreshOnBack) return { ...place, way: before, isNew: true }
  const isElsewhere = isAnsweredElsewhere(flow)
  const onward = isElsewhere ? screensElsewhere(flow, id) : []
  const to = [...new Set([...before.map((stop) => stop.id).reverse(), flow.start, ...onward])]
  const request = { action: 'BACK', screen: id, data: {} }
  const tells = isElsewhere ? 'maybe' : 'never'
  const told = await ask(person, 'back', request, `on going back from ${id}`, { to, tells })
  return 'how' in told ? told : stillKnowing(place, arrived(person, before, told))
}

/** The phone reports that it could not use what it was sent; such a report never carries a token signature. */
async function reportError(person: Person, screen: string): Promise<End | undefined> {
  const { flow_token_signature: _, ...unsigned } = base(person)
  const data = { error: 'payload-schema-error', error_message: `${screen} could not be shown` }
  const request: JsonObject = { ...unsigned, action: 'data_exchange', screen, data }
  const answered = await person.exchange('client_error', request)
  const doing = `on reporting an error of the phone from ${screen}`
  if (!answered.ok) return failed(person, doing, answered)
  const problem = wrongAcknowledgement(answered.reply)
  return problem === undefined ? undefined : wrong(person, `${doing}: ${problem}`)
}
