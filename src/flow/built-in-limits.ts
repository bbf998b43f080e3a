// What each of JSONata's built-in functions may be given. JSONata looks at the clock between the steps of an expression, not
// inside a built-in, and some take seconds over what fits into one request. `bench/expressions.ts` shows what each takes.

import { approximateSize } from '../lib/approximate-size.ts'

/** Where an expression is evaluated: on the thread that answers everybody, or on one that can be ended. */
export type EvaluationPlace = 'here' | 'aside'

export type BuiltIn = {
  /** The size of these arguments, counted no further than `most`. */
  readonly size: (args: readonly unknown[], most: number) => number
  /** The largest size at each place. */
  readonly most: { readonly [place in EvaluationPlace]: number }
}

/** Characters that the built-ins may work on at a time. A text beyond it could use up the memory that all threads share. */
export const MOST_ASIDE = 4 * 1024 * 1024

/** What an expression may see at all to be evaluated here. Each built-in below takes some 5 ms over that much, or has a bound of its own. */
export const MOST_HERE = 16 * 1024

/** The longest text or list. */
const longest = (args: readonly unknown[]): number =>
  Math.max(0, ...args.map((arg) => (typeof arg === 'string' || Array.isArray(arg) ? arg.length : 0)))

const weight = (args: readonly unknown[], most: number): number => approximateSize(args, most)

/** Filling up to a width makes as many characters as it says, times the length of what it is filled with. */
const filling = ([, width, filler]: readonly unknown[]): number =>
  typeof width === 'number' ? Math.abs(width) * Math.max(1, longest([filler])) : 0

/** The separator comes once for each entry. */
const joining = ([list, separator]: readonly unknown[], most: number): number =>
  approximateSize(list, most) + longest([list]) * longest([separator])

/**
 * JSONata reads a time by a regular expression that it makes from the picture, and no thread can be ended inside one. It may
 * try each way to share the text's characters among parts that nothing separates: that many ways are counted.
 */
function waysToRead([text, picture]: readonly unknown[]): number {
  if (typeof text !== 'string' || typeof picture !== 'string') return longest([text])
  // A letter or a digit can belong to a part as well as stand between two; number words take in spaces and hyphens, too.
  const separators = /[wW]/.test(picture) ? /[^\p{L}\p{N}\s,-]+/u : /[^\p{L}\p{N}]+/u
  const parts = picture.replace(/\[[^\]]*\]/g, 'A').split(separators)
  const borders = parts.reduce((sum, part) => sum + Math.max(0, part.length - 1), 0)
  let ways = Math.max(text.length, picture.length)
  for (let border = 1; border <= borders; border++) ways *= Math.max(1, (text.length - border + 1) / border)
  return ways
}

const onTexts: BuiltIn = { size: longest, most: { here: MOST_HERE, aside: MOST_ASIDE } }
/** Those that look at everything inside, or call a function for it. */
const onValues: BuiltIn = { size: weight, most: { here: MOST_HERE, aside: MOST_ASIDE } }
/** Those whose work grows with the square of a list, or with more. */
const onShortLists: BuiltIn = { size: longest, most: { here: 400, aside: MOST_ASIDE } }
/** Those that read a picture, some of them for the square of its length. */
const onPictures: BuiltIn = { size: longest, most: { here: 200, aside: MOST_ASIDE } }
const neverHere: BuiltIn = { size: longest, most: { here: -1, aside: MOST_ASIDE } }

/** Every built-in of JSONata; a test compares this list with the library's own. */
export const BUILT_INS: { readonly [name: string]: BuiltIn } = {
  abs: onTexts,
  append: onTexts,
  assert: onTexts,
  average: onTexts,
  base64decode: onTexts,
  base64encode: onTexts,
  boolean: onValues,
  ceil: onTexts,
  clone: onValues,
  contains: onTexts,
  count: onTexts,
  decodeUrl: onTexts,
  decodeUrlComponent: onTexts,
  distinct: { size: weight, most: { here: 2_000, aside: MOST_ASIDE } },
  each: onValues,
  encodeUrl: onTexts,
  encodeUrlComponent: onTexts,
  error: onTexts,
  eval: neverHere,
  exists: onTexts,
  filter: onValues,
  floor: onTexts,
  formatBase: onTexts,
  formatInteger: onPictures,
  formatNumber: onPictures,
  fromMillis: onPictures,
  join: { size: joining, most: { here: MOST_HERE, aside: MOST_ASIDE } },
  keys: onValues,
  length: onTexts,
  lookup: onTexts,
  lowercase: onTexts,
  map: onValues,
  match: onTexts,
  max: onTexts,
  merge: onValues,
  millis: onTexts,
  min: onTexts,
  not: onValues,
  now: onPictures,
  number: onTexts,
  pad: { size: filling, most: { here: 10_000, aside: MOST_ASIDE } },
  parseInteger: onPictures,
  power: onTexts,
  random: onTexts,
  reduce: onValues,
  replace: { size: weight, most: { here: 2_000, aside: MOST_ASIDE } },
  reverse: onTexts,
  round: onTexts,
  shuffle: onTexts,
  sift: onValues,
  single: onValues,
  sort: onShortLists,
  split: onTexts,
  spread: onShortLists,
  sqrt: onTexts,
  string: onValues,
  substring: onTexts,
  substringAfter: onTexts,
  substringBefore: onTexts,
  sum: onTexts,
  toMillis: { size: waysToRead, most: { here: 200_000, aside: 5_000_000 } },
  trim: onTexts,
  type: onTexts,
  uppercase: onTexts,
  zip: onTexts,
}
