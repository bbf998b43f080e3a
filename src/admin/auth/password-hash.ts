// How passwords are hashed. One hash takes 64 MB and an eighth of a second of a core, so it is never done on the main thread.

/** argon2id with 64 MB: about an eighth of a second here, years for who guesses. */
const COST = { algorithm: 'argon2id', memoryCost: 65_536, timeCost: 2 } as const

/** The hash of a random secret that nobody knows, made at the same cost: where there is no account, checking takes as long. */
const NOBODY =
  '$argon2id$v=19$m=65536,t=2,p=1$5le7NqNGlwfDn4FzLoJ2pEc3BFPWyjj3ww3XXZEdNNI$x9eK8UX2Ei3tl4Gl6aHprP3uqDJFLGl1plzQavCJUGQ'

export const hashPassword = (password: string): string => Bun.password.hashSync(password, COST)

export function verifyPassword(password: string, hash: string | undefined): boolean {
  const matches = Bun.password.verifySync(password, hash ?? NOBODY)
  return matches && hash !== undefined
}
