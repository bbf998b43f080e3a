// Limits on the arguments of JSONata's built-ins. JSONata checks the time between the steps of an expression, not inside a built-in,
// and some take seconds over what fits into one request: see `bench/expressions.ts`.

import { approximateSize } from '../lib/approximate-size.ts'

/** `here`: on the main thread. `aside`: on a thread that can be terminated. */
export type EvaluationPlace = 'here' | 'aside'

export type BuiltIn = {
  /** The size of these arguments, counted no further than `most`. */
  readonly size: (args: readonly unknown[], most: number) => number
  /** The largest size at each place. */
  readonly most: { readonly [place in EvaluationPlace]: number }
}

/** Characters. Longer texts could exhaust the memory that all threads share. */
export const MOST_ASIDE = 4 * 1024 * 1024

/** The size of a scope. Each built-in takes about 5 ms for it, or has a lower bound of its own. */
export const MOST_HERE = 16 * 1024

/** The longest text or list. */
const longest = (args: readonly unknown[]): number =>
  Math.max(0, ...args.map((arg) => (typeof arg === 'string' || Array.isArray(arg) ? arg.length : 0)))

const weight = (args: readonly unknown[], most: number): number => approximateSize(args, most)

/** The width, times the length of the filler. */
const filling = ([, width, filler]: readonly unknown[]): number =>
  typeof width === 'number' ? Math.abs(width) * Math.max(1, longest([filler])) : 0

/** Includes a separator for each entry. */
const joining = ([list, separator]: readonly unknown[], most: number): number =>
  approximateSize(list, most) + longest([list]) * longest([separator])

/**
 * JSONata parses a time by a regular expression made from the picture, and no thread can be terminated inside one. It may try each way
 * to split the text among parts without a separator; this counts the ways.
 */
function waysToRead([text, picture]: readonly unknown[]): number {
  if (typeof text !== 'string' || typeof picture !== 'string') return longest([text])
  // Letters and digits separate nothing; number words include spaces and hyphens, too.
  const separators = /[wW]/.test(picture) ? /[^\p{L}\p{N}\s,-]+/u : /[^\p{L}\p{N}]+/u
  const parts = picture.replace(/\[[^\]]*\]/g, 'A').split(separators)
  const borders = parts.reduce((sum, part) => sum + Math.max(0, part.length - 1), 0)
  let ways = Math.max(text.length, picture.length)
  for (let border = 1; border <= borders; border++) ways *= Math.max(1, (text.length - border + 1) / border)
  return ways
}

const onTexts: BuiltIn = { size: longest, most: { here: MOST_HERE, aside: MOST_ASIDE } }
/** These visit every value inside, or call a function for it. */
const onValues: BuiltIn = { size: weight, most: { here: MOST_HERE, aside: MOST_ASIDE } }
/** At least quadratic in the length of a list. */
const onShortLists: BuiltIn = { size: longest, most: { here: 400, aside: MOST_ASIDE } }
/** Some are quadratic in the length of their picture. */
const onPictures: BuiltIn = { size: longest, most: { here: 200, aside: MOST_ASIDE } }
const neverHere: BuiltIn = { size: longest, most: { here: -1, aside: MOST_ASIDE } }

/** Every built-in of JSONata, by what bounds it; a test compares this table with the library's own. */
export const BUILT_INS: { readonly [name: string]: BuiltIn } = {
  ...each(
    'abs append assert average base64decode base64encode ceil contains count decodeUrl decodeUrlComponent encodeUrl ' +
      'encodeUrlComponent error exists floor formatBase length lookup lowercase match max millis min number power ' +
      'random reverse round shuffle split sqrt substring substringAfter substringBefore sum trim type uppercase zip',
    onTexts,
  ),
  ...each('boolean clone each filter keys map merge not reduce sift single string', onValues),
  ...each('sort spread', onShortLists),
  ...each('formatInteger formatNumber fromMillis now parseInteger', onPictures),
  eval: neverHere,
  distinct: { size: weight, most: { here: 2_000, aside: MOST_ASIDE } },
  join: { size: joining, most: { here: MOST_HERE, aside: MOST_ASIDE } },
  pad: { size: filling, most: { here: 10_000, aside: MOST_ASIDE } },
  replace: { size: weight, most: { here: 2_000, aside: MOST_ASIDE } },
  toMillis: { size: waysToRead, most: { here: 200_000, aside: 5_000_000 } },
}

/** The same for each of these names. */
export function each<T>(names: string, value: T): { readonly [name: string]: T } {
  return Object.fromEntries(names.split(' ').map((name) => [name, value]))
}
