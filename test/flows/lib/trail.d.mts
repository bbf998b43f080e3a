export function checkTrail(
  walks: readonly object[],
  sessionsFile: string,
  eventsFile: string,
): { readonly name: string; readonly failures: readonly string[] }[]
