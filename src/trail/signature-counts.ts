// Whether Meta signs with our app secrets: shows if an app secret is wrong.

/** Signed requests since the process started. */
export type SignatureCounts = {
  readonly since: number
  /** Signed with one of the app secrets. */
  readonly ours: number
  /** Signed with another secret. */
  readonly foreign: number
}

/** More than the odd forged signature: the app secret is probably wrong. */
export const areForeign = ({ ours, foreign }: SignatureCounts): boolean => foreign >= 3 && foreign >= ours

export function describeSignatures({ since, ours, foreign }: SignatureCounts): string {
  const start = `since the start at ${new Date(since).toISOString()}`
  if (ours + foreign === 0) return `no signed request came ${start}`
  return `${start}, ${foreign} of ${ours + foreign} signed requests had a signature that matches none of the app secrets`
}

/** `names`: where the app secrets come from. */
export const adviseOnSecrets = (names: readonly string[]): string =>
  `the app secret in ${names.join(' and ')} is probably another app’s, or was changed: compare it with that of the app that owns ` +
  'the flow (App settings, Basic) and restart'
