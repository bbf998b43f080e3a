import { isTracked } from '../trail/event.ts'

/** One token in one flow; of a token with a long trail, one segment of it (`segment.ts`). Without a number it is the first. */
export type TrailKey = { readonly flow: string; readonly token: string; readonly segment?: number }

/** A flow and token as one text. No flow has a line break in its name. */
export const tokenKeyOf = ({ flow, token }: Pick<TrailKey, 'flow' | 'token'>): string => `${flow}\n${token}`

/** A trail as one text, for maps and as an `_id`. The lengths tell where the flow and the number end. */
export const trailIdOf = ({ flow, token, segment = 0 }: TrailKey): string => `${segment} ${flow.length} ${flow}${token}`

/** Whether sessions are derived from these events: not without a token, nor in a segment that many people share. */
export const isTrackedTrail = ({ token, segment = 0 }: TrailKey): boolean => isTracked(token) && segment >= 0

/** Each tracked trail, once. */
export function trackedTrails(keys: readonly TrailKey[]): TrailKey[] {
  const tracked = keys.filter(isTrackedTrail)
  return [...new Map(tracked.map((key) => [trailIdOf(key), keyOf(key)])).values()]
}

/** The key alone. */
export const keyOf = ({ flow, token, segment = 0 }: TrailKey): TrailKey =>
  segment === 0 ? { flow, token } : { flow, token, segment }

export const tokensOf = (items: readonly Pick<TrailKey, 'token'>[]): string[] => [
  ...new Set(items.map(({ token }) => token)),
]
