/** What the work gives, or undefined when it fails or takes longer than this (milliseconds). */
export async function answeredWithin<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms)
  })
  try {
    return await Promise.race([work, late])
  } catch {
    return undefined
  } finally {
    clearTimeout(timer)
  }
}

/** A disk or a database that takes longer than this to answer is as good as gone. Probes give up after some seconds too. */
export const PATIENCE_MS = 2_000
