// A screen as its Flow JSON describes it: people fill in what the phone shows, one after the other, and tap on something.

import type { Field } from '../flow/definition.ts'
import type { FlowJson } from '../flow-json/flow-json.ts'
import type { Json, JsonObject } from '../lib/json.ts'
import { enter } from './enter.ts'
import { spoil, spoilAsUsual } from './mistakes.ts'
import { type Input, type Tap, type View, viewOf } from './phone.ts'
import { pickWeighted } from './random.ts'
import { arrived, exchangeOf, hereOf, type Person, type Place, scopeOf, send, stillKnowing, type Turn } from './turn.ts'

export async function useScreen(person: Person, place: Place): Promise<Turn> {
  const { turn: filled, isDone } = await fillInAll(person, place)
  if ('how' in filled || !isDone) return filled
  const view = viewIn(person, filled)
  if (!view || isHeldUp(view, filled)) return { how: 'left' }
  const { taps } = view
  if (taps.length === 0) return place.way.length > 1 ? { ...place, way: place.way.slice(0, -1) } : { how: 'closed' }
  return tapOn(person, filled, pickWeighted(person.random, taps.map(withWeight)))
}

/** What the message that opens a flow would send along. */
export const exampleData = (flowJson: FlowJson, screen: string): JsonObject =>
  Object.fromEntries(
    [...(flowJson.screens.get(screen)?.data ?? [])].flatMap(([name, { example }]): [string, Json][] =>
      example === undefined ? [] : [[name, example]],
    ),
  )

const viewIn = ({ flow }: Person, { way }: Place): View | undefined => flow.flowJson && viewOf(flow.flowJson, way)

/** Most people go on. */
const withWeight = (tap: Tap) => ({ ...tap, weight: tap.by.type === 'Footer' ? 6 : 1 })

/** `isDone`: false where an answer interrupted it. */
type FilledIn = { readonly turn: Turn; readonly isDone: boolean }

async function fillInAll(person: Person, place: Place): Promise<FilledIn> {
  const done = new Set<string>()
  let now = place
  for (;;) {
    const view = viewIn(person, now)
    const input = view?.inputs.find(({ name, choices }) => !done.has(name) && choices?.length !== 0)
    if (!view || !input) return { turn: now, isDone: true }
    done.add(input.name)
    const turn = await fillInOne(person, now, view, input)
    if (!goesOn(turn, now)) return { turn, isDone: false }
    now = turn
  }
}

/** Whether no answer led elsewhere, or was a refusal. */
const goesOn = (turn: Turn, before: Place): turn is Place =>
  !('how' in turn) && hereOf(turn).id === hereOf(before).id && turn.refusals <= before.refusals

async function fillInOne(person: Person, place: Place, view: View, input: Input): Promise<Turn> {
  const { profile, random } = person
  const here = hereOf(place)
  const field = fieldOf(person, view, input)
  const scope = { ...scopeOf(person, place), input: submittedSo(place, view) }
  const situation = { random, today: person.today(), data: here.data, wishes: profile.values }
  const entered = await enter({ view, input, field, situation, scope })
  if (!entered.ok) {
    if (entered.reason === 'nothing_offered') return { how: 'left' }
    return { how: 'stuck', sentence: `${person.name} on ${here.id}: ${entered.message}` }
  }
  const { [input.name]: _, ...others } = here.form
  const { value } = entered
  const form = value === undefined ? others : { ...others, [input.name]: value }
  let now: Place = withStop(place, { ...here, form })
  if (value === undefined) return now
  const count = viewIn(person, now)?.selecting(input.component, value).length ?? 0
  for (let index = 0; index < count; index++) {
    const tap = viewIn(person, now)?.selecting(input.component, value)[index]
    const turn = tap ? await tapOn(person, now, tap) : now
    if (!goesOn(turn, now)) return turn
    now = turn
  }
  return now
}

const withStop = (place: Place, stop: Place['way'][number]): Place => ({
  ...place,
  way: [...place.way.slice(0, -1), stop],
})

/** The name under which the screen submits it, and the field of the config that has it. */
function fieldOf({ flow }: Person, { screen }: View, { name }: Input): Field | undefined {
  const submitted = screen.actions.flatMap(({ payload }) =>
    [...payload].flatMap(([key, value]) =>
      value.kind === 'reference' && value.to === 'form' && value.screen === undefined && value.name === name
        ? [key]
        : [],
    ),
  )
  return flow.screens.get(screen.id)?.fields.find((field) => submitted.includes(field.name))
}

/** What the fullest request from here would send now. */
const submittedSo = ({ known }: Place, { taps }: View): JsonObject => {
  const exchanges = taps.filter(({ kind }) => kind === 'data_exchange')
  const [fullest] = exchanges.toSorted((a, b) => Object.keys(b.payload).length - Object.keys(a.payload).length)
  return fullest?.payload ?? known
}

/** Whether something that must be filled in cannot be. */
const isHeldUp = ({ inputs }: View, place: Place): boolean =>
  inputs.some(({ name, isRequired }) => isRequired && hereOf(place).form[name] === undefined)

async function tapOn(person: Person, place: Place, tap: Tap): Promise<Turn> {
  const { flow } = person
  const here = hereOf(place)
  switch (tap.kind) {
    case 'complete':
      return { how: flow.screens.get(here.id)?.ends === 'completed' ? 'completed' : 'closed' }
    case 'update_data':
      return withStop(place, { ...here, data: { ...here.data, ...tap.payload } })
    case 'navigate':
      return stillKnowing(place, arrived(person, place.way, { screen: tap.target ?? '', data: tap.payload }))
    default:
      return exchange(person, place, tap.payload)
  }
}

async function exchange(person: Person, place: Place, payload: JsonObject): Promise<Turn> {
  const { flow, profile, random } = person
  const { id } = hereOf(place)
  const fields = flow.screens.get(id)?.fields ?? []
  const judge = (input: JsonObject) =>
    exchangeOf(flow, flow.screens.get(id), { ...scopeOf(person, place), known: { ...place.known, ...input }, input })
  const found = await judge(payload)
  if (found !== undefined)
    return send(person, place, { input: payload, doing: `on choosing on ${id}`, exchange: found, isSpoilt: false })
  const sent = fields.filter(({ name }) => name in payload)
  const spoilt =
    spoilAsUsual(sent, payload, profile.mistakes, random) ??
    (random() < profile.invalid ? spoil(sent, payload, person.today(), random) : undefined)
  // Without one of its parts, it can pass for a request of a component.
  const isSpoilt = spoilt !== undefined && (await judge(spoilt.input)) === undefined
  return send(person, place, {
    input: isSpoilt ? spoilt.input : payload,
    doing: `on submitting ${isSpoilt ? `a bad ${spoilt.field}` : 'good data'} from ${id}`,
    isSpoilt,
  })
}
