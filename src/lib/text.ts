// Texts as people write them: counted and cut by characters, never within one.

import type { Json } from './json.ts'

const isLowSurrogate = (code: number): boolean => code >= 0xdc00 && code <= 0xdfff

/** Characters (code points), of a well-formed text. Takes no memory, however long the text. */
export function lengthOf(text: string): number {
  let length = 0
  for (let at = 0; at < text.length; at++) if (!isLowSurrogate(text.charCodeAt(at))) length++
  return length
}

/** At most `most` UTF-16 units from the start; never half a character. */
export const cutTo = (most: number, text: string): string =>
  text.slice(0, isLowSurrogate(text.charCodeAt(most)) ? most - 1 : most)

/** The last `count` characters. */
export const endOf = (count: number, text: string): string =>
  count === 0 ? '' : [...text.slice(-2 * count)].slice(-count).join('')

/** The value with U+FFFD for half a character (`"\ud83d"`), which neither UTF-8 nor a database can hold, as encoders do. */
export function wellFormed(value: Json): Json {
  if (typeof value === 'string') return value.toWellFormed()
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(wellFormed)
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name.toWellFormed(), wellFormed(item)]))
}
