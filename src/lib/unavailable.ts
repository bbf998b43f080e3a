/** What is asked is not there at the moment, or does not answer in time: to ask again later may help. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable'
}

/** By the name, which is what is left of an error from another thread. */
export const isUnavailable = (error: unknown): boolean => error instanceof Error && error.name === 'Unavailable'
