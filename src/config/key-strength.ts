// Estimates the strength of a key. Repeats, sequences and words count little.

/** A lower bound, in bits. A letter of English text has 1.5 (Shannon). */
export function bitsOf(key: string): number {
  const novel = withoutRuns(withoutRepeats(key))
  const [word, bitsOfLetter] = PLACEHOLDER.test(key) ? ([ANY_WORD, 0.5] as const) : ([WORD, 1.5] as const)
  const words = novel.match(word) ?? []
  const rest = novel.replaceAll(word, '')
  return words.join('').length * bitsOfLetter + shannonBits(rest)
}

/** Within reach of guessing; sixteen random characters practically always have more. */
export const WEAK_BITS = 32

/** Letters of one case, or with a capital first. Random text rarely has runs this long. */
const WORD = /\p{Ll}{6,}|\p{Lu}{6,}|\p{Lu}\p{Ll}{5,}/gu
const ANY_WORD = /\p{L}{2,}/gu
/** A placeholder for a key. */
const PLACEHOLDER = /your|change|replace|example|placeholder|password|secret/i
const REPEAT = 3

/** Drops parts of three or more characters that occurred before, in any case. */
function withoutRepeats(text: string): string {
  const folded = text.toLowerCase()
  let novel = ''
  for (let at = 0; at < text.length; ) {
    let length = 0
    while (at + length < text.length && folded.indexOf(folded.slice(at, at + length + 1)) < at) length++
    if (length < REPEAT) novel += text.slice(at, ++at)
    else at += length
  }
  return novel
}

/** Reduces runs such as `aaaa`, `1234` and `dcba` to their first character. */
function withoutRuns(text: string): string {
  let novel = ''
  for (let at = 0; at < text.length; ) {
    const step = text.charCodeAt(at + 1) - text.charCodeAt(at)
    let end = at + 1
    if (Math.abs(step) <= 1) while (text.charCodeAt(end) - text.charCodeAt(end - 1) === step) end++
    novel += text[at]
    at = end - at >= REPEAT ? end : at + 1
  }
  return novel
}

/** From the frequencies of the characters. */
function shannonBits(text: string): number {
  const counts = [...Map.groupBy(text, (character) => character).values()].map((same) => same.length)
  return counts.reduce((bits, count) => bits + count * Math.log2(text.length / count), 0)
}
