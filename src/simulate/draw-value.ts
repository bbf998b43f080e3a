// Draws values of each field type, as Meta's components submit them.

import type { Field } from '../flow/definition.ts'
import { allowedSize } from '../flow/field-size.ts'
import { dayPlus, daysBetween } from '../lib/days.ts'
import type { Json, JsonObject } from '../lib/json.ts'
import { patternWriter } from './pattern.ts'
import type { Wish } from './profile.ts'
import { between, pick, pickSome, type Random } from './random.ts'

export type Situation = {
  readonly random: Random
  /** `YYYY-MM-DD` where the business is. */
  readonly today: string
  /** The data of the screen, with the options to choose from. */
  readonly data: JsonObject
  /** What the profile says people enter, by field. */
  readonly wishes: ReadonlyMap<string, readonly Wish[]>
}

/** `nothing_offered`: the list of options is empty, so people give up · `unknown`: only the profile can say what to enter. */
export type Undrawable = {
  readonly ok: false
  readonly reason: 'nothing_offered' | 'unknown'
  readonly message: string
}

export type Drawer = { readonly ok: true; readonly draw: () => Json } | Undrawable

/** Draws values of the right kind and within bounds; the caller checks pattern and length. */
export function drawerFor(field: Field, situation: Situation): Drawer {
  const { config } = field
  const { random, today } = situation
  const size = allowedSize(field.config)
  switch (config.type) {
    case 'choice':
    case 'choices': {
      const options = optionsFor(field, situation.data)
      if (!options) return unknown(field, 'its screen came with no list of { id, title }; give values in the profile')
      if (options.length === 0) return { ok: false, reason: 'nothing_offered', message: `${field.name}: an empty list` }
      return config.type === 'choice'
        ? by(() => pick(random, options))
        : by(() => pickSome(random, options, count(random, size, options.length)))
    }
    case 'text':
      return textDrawer(field, random, () => sentence(random, size))
    case 'phone':
      return textDrawer(field, random, () => phone(random, size))
    case 'email':
      return textDrawer(field, random, () => email(random, size))
    case 'number':
      return by(() => (field.allowed ? String(pick(random, field.allowed)) : wholeNumber(random, config)))
    case 'boolean':
      return by(() => config.required || random() < 0.5)
    case 'date':
      return by(() => day(random, field, today))
    case 'date_range':
      return by(() => {
        const [first, last] = [day(random, field, today), day(random, field, today)].sort()
        return { 'start-date': first as string, 'end-date': last as string }
      })
    case 'files':
      return by(() => Array.from({ length: count(random, size, 3) }, () => file(random)))
  }
}

const by = (draw: () => Json): Drawer => ({ ok: true, draw })

/** The first and last day a field allows; undefined without a bound. */
export function allowedDays({ config: { min, max } }: Field, today: string) {
  const dayOf = (bound: unknown): string | undefined => {
    if (typeof bound !== 'string') return undefined
    return bound.startsWith('today') ? dayPlus(today, Number.parseInt(bound.slice('today'.length) || '0', 10)) : bound
  }
  return { first: dayOf(min), last: dayOf(max) }
}

export const unknown = (field: Field, why: string): Undrawable => ({
  ok: false,
  reason: 'unknown',
  message: `${field.name}: ${why}`,
})

/** The ids a person can choose from: the list on the screen that is named like the field, the field's own, or any list. */
function optionsFor({ name, allowed }: Field, data: JsonObject): readonly (string | number)[] | undefined {
  const plural = name.replace(/y$/, 'ie').replace(/(?:s|x|ch|sh)$/, '$&e')
  const named = [name, `${name}s`, `${plural}s`].map((key) => data[key]).find(isOptions)
  if (allowed && !named) return allowed
  const list = named ?? Object.values(data).find(isOptions)
  const offered = list?.filter((option) => option.enabled !== false).map((option) => option.id)
  return allowed ? offered?.filter((id) => allowed.map(String).includes(String(id))) : offered
}

type Option = { readonly id: string | number; readonly enabled?: Json }

const isOptions = (value: Json | undefined): value is Option[] & Json =>
  Array.isArray(value) &&
  value.every(
    (item) => item !== null && typeof item === 'object' && 'id' in item && /^(string|number)$/.test(typeof item.id),
  )

function textDrawer(field: Field, random: Random, plain: () => string): Drawer {
  const { allowed } = field
  const { pattern } = field.config
  if (allowed) return by(() => String(pick(random, allowed)))
  if (pattern === undefined) return by(plain)
  const writer = patternWriter(pattern)
  return writer
    ? by(() => writer(random))
    : unknown(field, `no value can be made up for the pattern ${pattern}; give some under values in the profile`)
}

const WORDS = ['Ana', 'Bruno', 'Carla', 'Davi', 'Elena', 'Faria', 'Gomes', 'Lima', 'Moura', 'Nunes', 'Pires', 'Zoë']

function sentence(random: Random, size: Size): string {
  const length = count(random, { ...size, least: Math.min(Math.max(size.least, 4), size.most) }, size.least + 20)
  let text = ''
  while (text.length < length) text += `${pick(random, WORDS)} `
  return text.slice(0, length).replace(/ $/, '.')
}

function phone(random: Random, { least, most }: Size): string {
  const length = Math.max(least, Math.min(most, 13))
  return `+3519${digits(random, length)}`.slice(0, length)
}

function email(random: Random, { least, most }: Size): string {
  const local = `${pick(random, WORDS).normalize('NFD').replace(/\W/g, '').toLowerCase()}.${digits(random, 4)}`
  const address = `${local}@example.com`
  return address.length > most ? `${digits(random, most)}@e.pt`.slice(-most) : address.padStart(least, 'a')
}

function wholeNumber(random: Random, { min, max }: Field['config']): string {
  const least = typeof min === 'number' ? min : typeof max === 'number' ? Math.min(max, Math.max(0, max - 100)) : 1
  const most = typeof max === 'number' ? max : least + 100
  const [first, last] = [Math.ceil(least), Math.floor(most)]
  return String(first <= last ? between(random, first, last) : least)
}

/** Stays a day away from the bounds if there is room, so that the day is still allowed if midnight passes on the way. */
function day(random: Random, field: Field, today: string): string {
  const { first, last } = allowedDays(field, today)
  const earliest = first ?? (last === undefined || last > today ? today : dayPlus(last, -30))
  const latest = last ?? dayPlus(earliest, 30)
  const room = daysBetween(earliest, latest)
  const margin = room >= 2 ? 1 : 0
  return dayPlus(earliest, between(random, margin, Math.max(margin, room - margin)))
}

function file(random: Random): Json {
  const name = `photo-${digits(random, 6)}`
  const secret = Buffer.alloc(32).toString('base64')
  return {
    media_id: name,
    cdn_url: `https://mmg.whatsapp.net/v/${name}`,
    file_name: `${name}.jpg`,
    encryption_metadata: {
      encryption_key: secret,
      hmac_key: secret,
      iv: Buffer.alloc(16).toString('base64'),
      encrypted_hash: secret,
      plaintext_hash: secret,
    },
  }
}

type Size = { readonly least: number; readonly most: number }

/** A number of characters or entries within the bounds: at least one, at most `enough` unless `least` is more. */
function count(random: Random, { least, most }: Size, enough: number): number {
  const from = Math.max(least, Math.min(1, most))
  return between(random, from, Math.max(from, Math.min(most, enough)))
}

const digits = (random: Random, length: number): string => Array.from({ length }, () => between(random, 0, 9)).join('')
