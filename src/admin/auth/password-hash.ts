// Password hashing. One hash takes 64 MB of memory and a core for about 125 ms, so it never runs on the main thread.

const COST = { algorithm: 'argon2id', memoryCost: 65_536, timeCost: 2 } as const

/** The hash of an unknown random secret. Checked if there is no account, so that the check takes as long. */
const DUMMY_HASH =
  '$argon2id$v=19$m=65536,t=2,p=1$5le7NqNGlwfDn4FzLoJ2pEc3BFPWyjj3ww3XXZEdNNI$x9eK8UX2Ei3tl4Gl6aHprP3uqDJFLGl1plzQavCJUGQ'

export const hashPassword = (password: string): string => Bun.password.hashSync(password, COST)

export function verifyPassword(password: string, hash: string | undefined): boolean {
  const matches = Bun.password.verifySync(password, hash ?? DUMMY_HASH)
  return matches && hash !== undefined
}
