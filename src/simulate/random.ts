// Repeatable chance: the same seed gives the same decisions.

import { createHash } from 'node:crypto'

/** The next number from 0 up to, but not including, 1. */
export type Random = () => number

/** mulberry32, started from a hash of the seed. Good enough for simulated people, not for secrets. */
export function seededRandom(seed: string): Random {
  let state = createHash('sha256').update(seed).digest().readUInt32LE()
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A whole number from `least` to `most`, both included. */
export const between = (random: Random, least: number, most: number): number =>
  least + Math.floor(random() * (most - least + 1))

export const pick = <T>(random: Random, items: readonly T[]): T => items[between(random, 0, items.length - 1)] as T

/** That many of the items, in their order. */
export function pickSome<T>(random: Random, items: readonly T[], count: number): T[] {
  let missing = count
  return items.filter((_, index) => {
    const isTaken = random() * (items.length - index) < missing
    if (isTaken) missing--
    return isTaken
  })
}

/** One of the items, each as likely as its weight says. */
export function pickWeighted<T extends { readonly weight: number }>(random: Random, items: readonly T[]): T {
  let left = random() * items.reduce((sum, { weight }) => sum + weight, 0)
  for (const item of items) {
    left -= item.weight
    if (left < 0) return item
  }
  return items.at(-1) as T
}

/** Log-normal: half of the draws are below the median; `spread` is the standard deviation of the logarithm. */
export function logNormal(random: Random, median: number, spread: number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  return median * Math.exp(spread * normal)
}
