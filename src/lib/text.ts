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

/** UTF-16 units. Nobody types longer texts, and some would become eighteen times as long, so they keep their letters as they are. */
export const LONGEST_NORMALISED = 8_192

/**
 * `normalize` in linear time. To order the marks on one letter takes the square of their number; after every thirty, more than any
 * language has, comes U+034F here, which nobody sees and no mark passes: the Stream-Safe Text Format of UAX #15.
 */
export const normalForm = (form: 'NFC' | 'NFKC', text: string): string =>
  text.length > LONGEST_NORMALISED ? text : text.replace(THIRTY_MARKS, '$&\u034f').normalize(form)

/** With another mark after them. Two half-width letters become marks. */
const THIRTY_MARKS = /[[\p{M}\uff9e\uff9f]--\u034f]{30}(?=[[\p{M}\uff9e\uff9f]--\u034f])/gv

/**
 * One spelling for texts that mean the same: compatible forms such as full-width letters become plain ones, digits of any script 0 to 9;
 * format characters, which nobody sees, and white space around it are gone.
 */
export function plainForm(text: string): string {
  const visible = normalForm('NFKC', text)
    .replace(/\p{Cf}/gu, '')
    .trim()
  return text.length > LONGEST_NORMALISED ? visible : visible.replace(/[^\P{Nd}0-9]/gu, asciiDigit)
}

const asciiDigit = (digit: string): string => ASCII_DIGITS.getOrInsertComputed(digit, asciiDigitOf)

/** A text can have thousands, of fewer than a thousand kinds. */
const ASCII_DIGITS = new Map<string, string>()

/** The digits of a script stand ten in a row, and begin where the one before is no digit. */
function asciiDigitOf(digit: string): string {
  const code = digit.codePointAt(0) as number
  let first = code
  while (code - first < 9 && /\p{Nd}/u.test(String.fromCodePoint(first - 1))) first--
  return String(code - first)
}
