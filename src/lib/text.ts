// Texts as people write them: counted and cut by characters, never within one.

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

/** JSON with half a character (`"\ud83d"`), which neither UTF-8 nor a database can hold, replaced by U+FFFD, as encoders do. */
export function wellFormedJson(json: string): string {
  const whole = json.toWellFormed()
  if (!/\\u[dD][89a-fA-F]/.test(whole)) return whole
  const units = Buffer.from(whole, 'utf16le')
  for (let at = whole.indexOf('\\'); at >= 0; at = whole.indexOf('\\', at)) {
    const half = halfAt(whole, at)
    if (half === 'high' && halfAt(whole, at + ESCAPE) === 'low') at += 2 * ESCAPE
    else if (half) {
      for (let unit = 2; unit < ESCAPE; unit++) units[2 * (at + unit)] = unit < 5 ? LETTER_F : LETTER_D
      at += ESCAPE
      // What follows an escaped backslash is no escape.
    } else at += 2
  }
  return units.toString('utf16le')
}

const LETTER_D = 0x64
const LETTER_F = 0x66

/** Characters of `\\ud83d`. */
const ESCAPE = 6

/** The half of a character that is escaped here, if any: `d8` to `db` begin a high one, `dc` to `df` a low one. */
function halfAt(json: string, at: number): 'high' | 'low' | undefined {
  if (json.charCodeAt(at) !== 0x5c || json.charCodeAt(at + 1) !== 0x75) return undefined
  if ((json.charCodeAt(at + 2) | LOWER_CASE) !== 0x64) return undefined
  const digit = json.charCodeAt(at + 3) | LOWER_CASE
  if (digit >= 0x63 && digit <= 0x66) return 'low'
  return digit === 0x38 || digit === 0x39 || digit === 0x61 || digit === 0x62 ? 'high' : undefined
}

const LOWER_CASE = 0x20
