// What is learned of a flow that another server answers, from what passes: its screens, which follows which, what they submit.

import { isMissing, isObject, type Json, type JsonObject } from '../lib/json.ts'
import { SUCCESS } from '../trail/event.ts'
import { hasType } from './field-types.ts'
import { funnelAlong } from './funnel-order.ts'
import type { FieldType } from './schema.ts'

/** In the order in which it was first seen. As it is stored. */
export type Learned = {
  /** The screen that came first on opening; empty while none did. */
  readonly start: string
  readonly screens: readonly LearnedScreen[]
}

type LearnedScreen = {
  readonly id: string
  /** The screens that followed it; `SUCCESS` where the flow ended. */
  readonly next: readonly string[]
  readonly fields: readonly LearnedField[]
}

/** `types`: those that its values had; a choice is one of the options that were sent. */
type LearnedField = { readonly name: string; readonly types: readonly FieldType[] }

/** The kind of the documents that it is stored in, by flow. */
export const LEARNED = 'learned'

export const NOTHING_LEARNED: Learned = { start: '', screens: [] }

/** More than any flow has, of all screens together: what strangers send cannot fill memory. */
const MAX_SCREENS = 100
const MAX_FIELDS = 1_000

/** What one exchange shows. `screen`, `fields`: of the request, only names that are to be learned. */
export type Seen = {
  readonly isOpening: boolean
  readonly screen: string
  readonly next: string
  readonly fields: readonly { readonly name: string; readonly type: FieldType | undefined }[]
}

/** The same object if there is nothing new. */
export function learn(learned: Learned, { isOpening, screen, next, fields }: Seen): Learned {
  const start = learned.start === '' && isOpening ? next : learned.start
  const withScreens = [screen, next].reduce(withScreen, learned.screens)
  const screens = changed(withScreens, screen, (before) => {
    const withNext = next === '' || next === screen || before.next.includes(next) ? before.next : [...before.next, next]
    const others = fieldsIn(withScreens) - before.fields.length
    const withFields = fields.reduce((kept, field) => withField(kept, field, MAX_FIELDS - others), before.fields)
    return withNext === before.next && withFields === before.fields
      ? before
      : { ...before, next: withNext, fields: withFields }
  })
  return start === learned.start && screens === learned.screens ? learned : { start, screens }
}

const withScreen = (screens: readonly LearnedScreen[], id: string): readonly LearnedScreen[] =>
  id === '' || id === SUCCESS || screens.length >= MAX_SCREENS || screens.some((known) => known.id === id)
    ? screens
    : [...screens, { id, next: [], fields: [] }]

function changed(
  screens: readonly LearnedScreen[],
  id: string,
  change: (screen: LearnedScreen) => LearnedScreen,
): readonly LearnedScreen[] {
  const before = screens.find((screen) => screen.id === id)
  const after = before && change(before)
  return after === before ? screens : screens.map((screen) => (screen === before ? (after as LearnedScreen) : screen))
}

const fieldsIn = (screens: readonly LearnedScreen[]): number =>
  screens.reduce((sum, { fields }) => sum + fields.length, 0)

function withField(
  fields: readonly LearnedField[],
  { name, type }: Seen['fields'][number],
  most: number,
): readonly LearnedField[] {
  const types = type === undefined ? [] : [type]
  const known = fields.find((field) => field.name === name)
  if (!known) return fields.length >= most ? fields : [...fields, { name, types }]
  if (types.every((each) => known.types.includes(each))) return fields
  return fields.map((field) => (field === known ? { name, types: [...known.types, ...types] } : field))
}

/** What two processes learned, together. */
export function together(ours: Learned, theirs: Learned): Learned {
  const first = ours.start === '' && theirs.start !== '' ? { ...ours, start: theirs.start } : ours
  return theirs.screens.reduce<Learned>((all, { id, next, fields }) => {
    const seen = { isOpening: false, screen: id, next: '', fields: fields.flatMap(oneByOne) }
    return ['', ...next].reduce((each, to) => learn(each, { ...seen, next: to }), all)
  }, first)
}

const oneByOne = ({ name, types }: LearnedField): Seen['fields'] =>
  types.length === 0 ? [{ name, type: undefined }] : types.map((type) => ({ name, type }))

/** Undefined of a value that tells nothing. `wasSent`: whether people were offered this option. */
export function typeOfValue(value: Json, wasSent: (option: string) => boolean): FieldType | undefined {
  if (isMissing(value)) return undefined
  if (typeof value === 'boolean') return 'boolean'
  if (typeof value === 'string' && wasSent(value)) return 'choice'
  if (Array.isArray(value)) {
    if (value.every((item) => typeof item === 'string' && wasSent(item))) return 'choices'
    return hasType(value, 'files') ? 'files' : 'text'
  }
  if (typeof value === 'number') return 'number'
  return (['date', 'date_range'] as const).find((type) => hasType(value, type)) ?? 'text'
}

/** As it would stand in a config. */
export function draftLearned({ start, screens }: Learned): JsonObject {
  const ways = screens.flatMap(({ id, next }) => next.map((to) => ({ from: id, to })))
  const first = start || (screens[0]?.id ?? '')
  const ids = screens.map(({ id }) => id)
  const along = funnelAlong(first, ways, ids)
  const inFunnel = new Set(along.flat())
  // Where the phone leads there is no way that we see. A screen that is only opened and left again turns people away.
  const isOnTheWay = (id: string) =>
    ways.some(({ from, to }) => from === id || to === id) ||
    screens.some((each) => each.id === id && each.fields.length > 0)
  const funnel = [...along, ...ids.filter((id) => !inFunnel.has(id) && isOnTheWay(id))]
  return {
    ...(first !== '' && { start: first }),
    screens: Object.fromEntries(screens.map(({ id, fields }) => [id, fields.length === 0 ? {} : fieldsOf(fields)])),
    ...(funnel.length > 0 && { funnel }),
  }
}

const fieldsOf = (fields: readonly LearnedField[]): JsonObject => ({
  fields: Object.fromEntries(fields.map(({ name, types }) => [name, { type: typeOf(types) }])),
})

/**
 * Where values had several types, it is free text, of which the least is kept. A choice stays one: after a restart, and on another replica,
 * nobody knows which options people were offered, so that they look like text.
 */
function typeOf(types: readonly FieldType[]): FieldType {
  const others = types.filter((type) => type !== 'text')
  const [type = 'text'] = others
  return types.length === 1 || (others.length === 1 && CHOICES.has(type)) ? type : 'text'
}

const CHOICES: ReadonlySet<FieldType> = new Set(['choice', 'choices'])

/** As it was stored; nothing learned if it is anything else. */
export function readLearned(stored: Json | undefined): Learned {
  if (!isObject(stored) || typeof stored.start !== 'string' || !Array.isArray(stored.screens)) return NOTHING_LEARNED
  return stored as unknown as Learned
}
