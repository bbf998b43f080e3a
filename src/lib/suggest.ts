/** The candidate that was probably meant: at most two edits away, one for short words, none for two letters. */
export function suggest(word: string, candidates: readonly string[]): string | undefined {
  const limit = word.length <= 2 ? 0 : word.length <= 4 ? 1 : 2
  const ranked = candidates
    .map((candidate) => ({ candidate, slips: slips(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.slips - b.slips)
  const best = ranked[0]
  return best && best.slips <= limit ? best.candidate : undefined
}

/** `; did you mean X?`, else `otherwise`. */
export function didYouMean(word: string, candidates: Iterable<string>, otherwise = ''): string {
  const near = suggest(word, [...candidates])
  return near === undefined ? otherwise : `; did you mean ${near}?`
}

/** Letters added, left out, mistaken or swapped with their neighbour (optimal string alignment). */
function slips(a: string, b: string): number {
  let before: number[] = []
  let above = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1]
      const isSwap = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
      current[column] = Math.min(
        (above[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (above[column - 1] ?? 0) + (same ? 0 : 1),
        isSwap ? (before[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      )
    }
    before = above
    above = current
  }
  return above[b.length] ?? 0
}
