// Writes text that a pattern accepts: a random walk through the program that RE2 makes of it.

import { RE2JS } from 're2js'
import { pick, type Random } from './random.ts'

export type Writer = (random: Random) => string

/** Undefined if the pattern wants a character that nobody can type. The text is a guess: check it before use. */
export function patternWriter(pattern: string): Writer | undefined {
  const { start, inst } = RE2JS.compile(pattern).re2Input.prog as Program
  const characters = inst.map(charactersOf)
  if (characters.some((some) => some.length === 0)) return undefined
  return (random) => {
    let text = ''
    for (let at = start; ; ) {
      const step = inst[at] as Instruction
      if (step.op === FAIL || step.op === MATCH) return text
      text += pick(random, characters[at] as string[])
      at = isFork(step) && random() < shareOfArg(step, at) ? step.arg : step.out
    }
  }
}

/** What an expression may want a text to be: the texts that stand in it, and one for each of its patterns. */
export function textsWantedBy(expression: string, random: Random): readonly string[] {
  const texts = [...expression.matchAll(/'([^']*)'|"([^"]*)"/g)].map(([, single, double]) => single ?? double ?? '')
  const patterns = [...expression.matchAll(/\/((?:[^/\\\n]|\\.)+)\//g)].map(([, pattern = '']) => pattern)
  return [...texts, ...patterns.flatMap((pattern) => writtenBy(pattern, random))]
}

/** Nothing for a pattern that RE2 does not know. */
function writtenBy(pattern: string, random: Random): readonly string[] {
  try {
    const writer = patternWriter(pattern)
    return writer ? [writer(random)] : []
  } catch {
    return []
  }
}

/** The part of RE2's program that its types leave out; https://swtch.com/~rsc/regexp/regexp3.html */
type Program = { readonly start: number; readonly inst: readonly Instruction[] }
type Instruction = {
  readonly op: number
  /** The next instruction; of a fork, one of two. */
  readonly out: number
  readonly arg: number
  /** One character, or the first and last of each range. */
  readonly runes: Int32Array
  matchRune(rune: number): boolean
}

const FAIL = 5
const MATCH = 6
const isFork = ({ op }: Instruction): boolean => op === 1 || op === 2
const readsCharacter = ({ op }: Instruction): boolean => op >= 8 && op <= 11
const readsAny = ({ op }: Instruction): boolean => op === 10 || op === 11

const PRINTABLE = Array.from({ length: 95 }, (_, index) => 32 + index)

/** What the instruction reads: printable ASCII, or where it takes none, letters and signs of others. */
function charactersOf(step: Instruction): string[] {
  if (!readsCharacter(step)) return ['']
  const ascii = PRINTABLE.filter((rune) => readsAny(step) || step.matchRune(rune))
  const runes = ascii.length > 0 ? ascii : [...step.runes]
  return runes
    .map((rune) => String.fromCodePoint(rune))
    .filter((character) => /[ \p{L}\p{N}\p{P}\p{S}]/u.test(character))
}

/** A fork that leads back on one side only repeats something: mostly once more, so that long texts come up, too. */
function shareOfArg({ out, arg }: Instruction, at: number): number {
  if (out < at === arg < at) return 0.5
  return arg < at ? 0.8 : 0.2
}
