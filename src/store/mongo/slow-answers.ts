// Some questions take the server longer the more there is, and many pages ask them.

type SlowAnswerDeps = {
  /** Milliseconds. */
  readonly stopwatch: () => number
  /** Whether there is so much that an answer can be slow for that reason. */
  readonly isLarge: () => Promise<boolean>
}

export type SlowAnswers = ReturnType<typeof createSlowAnswers>

/** Caches a slow answer for ten times as long as it took, for all who ask the same. `question`: the name of what is asked. */
export function createSlowAnswers({ stopwatch, isLarge }: SlowAnswerDeps) {
  const known = new Map<string, { readonly answer: unknown; readonly until: number }>()
  return async <T>(question: string, ask: () => Promise<T>): Promise<T> => {
    const began = stopwatch()
    const cached = known.get(question)
    if (cached && began < cached.until) return cached.answer as T
    const answer = await ask()
    const took = stopwatch() - began
    known.delete(question)
    if (took >= SLOW_MS && (await isLarge())) known.set(question, { answer, until: stopwatch() + REST * took })
    return answer
  }
}

const SLOW_MS = 100
const REST = 10
