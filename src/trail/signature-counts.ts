// Whether signed requests are signed by our app: what a wrong app secret looks like.

/** Requests since the process started. What came without a signature is not from Meta and is not counted. */
export type SignatureCounts = {
  readonly since: number
  /** Signed with one of the app secrets. */
  readonly ours: number
  /** Signed with none of them. */
  readonly foreign: number
}

/** More than the odd stranger who makes a signature up: the app secret is the first thing to look at. */
export const areForeign = ({ ours, foreign }: SignatureCounts): boolean => foreign >= LEAST && foreign >= ours

const LEAST = 3

/** As far as it is known: who sent them, nobody can tell. */
export function describeSignatures({ since, ours, foreign }: SignatureCounts): string {
  const start = `since the start at ${new Date(since).toISOString()}`
  if (ours + foreign === 0) return `no signed request came ${start}`
  return `${start}, ${foreign} of ${ours + foreign} signed requests had a signature that matches none of the app secrets`
}

/** `names`: where the app secrets are kept. */
export const adviseOnSecrets = (names: readonly string[]): string =>
  `the app secret in ${names.join(' and ')} is probably another app’s, or was changed: compare it with that of the app that owns ` +
  'the flow (App settings, Basic) and restart'
