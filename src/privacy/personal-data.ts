// Whether a text could tell who somebody is. What is taken for a phone number and is none costs readability; what is not taken
// for one and is one would be kept.

/** Whether a phone number, an e-mail address or the number of a card can stand in it. */
export function isPersonal(text: string): boolean {
  const folded = text.normalize('NFKC')
  if (/@|%40/.test(folded)) return true
  const rest = folded
    .replace(UUID, (id) => (/[a-f]/i.test(id) ? BREAK : id))
    .replace(DAY, BREAK)
    .replace(/[0-9A-Za-z]+/g, (word) => (isRandom(word) ? BREAK : word))
  return DIGITS.test(rest)
}

/** In place of what was found harmless, so that the digits before it and after it are no number together. */
const BREAK = 'x'

/** Seven digits of any script, as people group them: `+351 (912) 345-678`. */
const DIGITS = /(?:\p{Nd}[^\p{L}\p{N}]{0,3}){7}/u

/** With its version and variant: a number that somebody padded to the form has neither. */
const UUID =
  /(?<![\p{L}\p{N}])[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}(?![\p{L}\p{N}])/giu

/** A day of these times, or a moment of it, that stands alone. */
const DAY =
  /(?<!\p{N}[^\p{L}\p{N}]{0,3})(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:?\d\d)?)?(?![^\p{L}\p{N}]{0,3}\p{N})/gu

/** A ULID, or so many bytes in hexadecimal digits. Long runs of digits are rare in these, and the rule in numbers. */
const isRandom = (word: string): boolean =>
  (/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/i.test(word) || /^(?:[0-9a-f]{8}){2,8}$/i.test(word)) &&
  (word.match(/[a-z]/gi)?.length ?? 0) >= word.length / 8 &&
  !/\d{10}/.test(word)
