// Texts as people write them: counted and cut by characters, never within one.

const isLowSurrogate = (code: number): boolean => code >= 0xdc00 && code <= 0xdfff

/** Characters (code points), of a well-formed text. Takes no memory, however long the text. */
export function lengthOf(text: string): number {
  let length = 0
  for (let at = 0; at < text.length; at++) if (!isLowSurrogate(text.charCodeAt(at))) length++
  return length
}

/** At most so many UTF-16 units from the start; a character that would be halved is left out. */
export const cutTo = (most: number, text: string): string =>
  text.slice(0, isLowSurrogate(text.charCodeAt(most)) ? most - 1 : most)

/** The last `count` characters. */
export const endOf = (count: number, text: string): string =>
  count === 0 ? '' : [...text.slice(-2 * count)].slice(-count).join('')

/**
 * JSON whose texts and names are all well-formed. JSON can escape half a character (`"\ud83d"`), which no UTF-8 can say and no
 * database takes; it becomes U+FFFD, as halves do wherever texts are encoded.
 */
export function wellFormedJson(json: string): string {
  if (!/\\u[dD][89a-fA-F]/.test(json)) return json.toWellFormed()
  const isHalf = (found: string) => found.length === 6 && /^\\u[dD][89a-fA-F]/.test(found)
  return json.toWellFormed().replace(ESCAPES, (found) => (isHalf(found) ? '\\ufffd' : found))
}

/** An escaped pair as one, then any other escape: what follows an escaped backslash is no escape. */
const ESCAPES = /\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\(?:u[0-9a-fA-F]{4}|.)/gs
