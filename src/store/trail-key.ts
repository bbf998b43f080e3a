import { isTracked } from '../trail/event.ts'

/** One token in one flow. */
export type TrailKey = { readonly flow: string; readonly token: string }

/** One text for each, to be the key of a map. The length tells where the flow ends. */
export const textOf = ({ flow, token }: TrailKey): string => `${flow.length} ${flow}${token}`

/** Each of these that has sessions, once. */
export function trackedTrails(keys: readonly TrailKey[]): TrailKey[] {
  const tracked = keys.filter(({ token }) => isTracked(token))
  return [...new Map(tracked.map(({ flow, token }) => [textOf({ flow, token }), { flow, token }])).values()]
}

export const tokensOf = (trails: readonly TrailKey[]): string[] => [...new Set(trails.map(({ token }) => token))]
