// How many bits a key has, as far as can be told by looking at it. What is random by any look gets what it has; what repeats
// itself, counts up, or is made of words gets little.

/** An estimate from below, in bits. A letter of English text has 1.5, as Shannon measured it. */
export function bitsOf(key: string): number {
  const novel = withoutRuns(withoutRepeats(key))
  const [word, bitsOfLetter] = PLACEHOLDER.test(key) ? ([ANY_WORD, 0.5] as const) : ([WORD, 1.5] as const)
  const words = novel.match(word) ?? []
  const rest = novel.replaceAll(word, '')
  return words.join('').length * bitsOfLetter + shannonBits(rest)
}

/** So few hardly anybody gets by drawing sixteen characters at random, and whoever tries words and patterns gets through them. */
export const WEAK_BITS = 32

/** Letters of one case, or with a capital first. Random characters are such a run too at times, but seldom so long a one. */
const WORD = /\p{Ll}{6,}|\p{Lu}{6,}|\p{Lu}\p{Ll}{5,}/gu
const ANY_WORD = /\p{L}{2,}/gu
/** What stands where a key was to be put in. */
const PLACEHOLDER = /your|change|replace|example|placeholder|password|secret/i
const REPEAT = 3

/** What was there before, in any case and three characters long or longer, is left out. */
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

/** Of `aaaa`, `1234` and `dcba` only the first character is left. */
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

/** By how often each of the characters is there. */
function shannonBits(text: string): number {
  const counts = [...Map.groupBy(text, (character) => character).values()].map((same) => same.length)
  return counts.reduce((bits, count) => bits + count * Math.log2(text.length / count), 0)
}
