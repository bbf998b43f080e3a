export function play(walk: object, world: object): Promise<{ readonly failures: readonly string[] }>
