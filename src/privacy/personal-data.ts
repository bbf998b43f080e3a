import { normalForm } from '../lib/text.ts'

/** Whether it may contain a phone number, an e-mail address or a card number. When in doubt, true. */
export function isPersonal(text: string): boolean {
  const folded = normalForm('NFKC', text)
  if (/@|%40/.test(folded)) return true
  // What is taken out below joins no digits, so most texts are through here.
  if (!DIGITS.test(folded)) return false
  const rest = folded
    .replace(UUID, (id) => (/[a-f]/i.test(id) ? BREAK : id))
    .replace(DAY, BREAK)
    .replace(/[0-9A-Za-z]+/g, (word) => (isRandom(word) ? BREAK : word))
  return DIGITS.test(rest)
}

/** Replaces harmless parts, so that the digits around them do not join to a number. */
const BREAK = 'x'

/** Seven digits of any script, grouped as people do: `+351 (912) 345-678`. */
const DIGITS = /(?:\p{Nd}[^\p{L}\p{N}]{0,3}){7}/u

/** With version and variant, which a number padded to this form lacks. */
const UUID =
  /(?<![\p{L}\p{N}])[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}(?![\p{L}\p{N}])/giu

/** A day of the 20th or 21st century, with or without a time, on its own. */
const DAY =
  /(?<!\p{N}[^\p{L}\p{N}]{0,3})(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:?\d\d)?)?(?![^\p{L}\p{N}]{0,3}\p{N})/gu

/** A ULID, or 8 to 32 bytes in hexadecimal. Unlike numbers, these rarely have long runs of digits. */
const isRandom = (word: string): boolean =>
  (/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/i.test(word) || /^(?:[0-9a-f]{8}){2,8}$/i.test(word)) &&
  (word.match(/[a-z]/gi)?.length ?? 0) >= word.length / 8 &&
  !/\d{10}/.test(word)
