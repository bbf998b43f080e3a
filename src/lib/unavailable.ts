/** The other side is away, or does not answer in time: a later attempt may succeed. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable'
}

/** By the name: errors from another thread keep only that and their message. */
export const isUnavailable = (error: unknown): boolean => error instanceof Error && error.name === 'Unavailable'
