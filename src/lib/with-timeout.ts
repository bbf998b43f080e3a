import { Unavailable } from './unavailable.ts'

/** Settles as the work does; rejects with `Unavailable` after this time (milliseconds). The work goes on. */
export async function withTimeout<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Unavailable(`no answer within ${ms / 1_000} seconds`)), ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

/** The result of the work; undefined when it fails or takes longer than this (milliseconds). */
export const answeredWithin = <T>(ms: number, work: Promise<T>): Promise<T | undefined> =>
  withTimeout(ms, work).catch(() => undefined)
