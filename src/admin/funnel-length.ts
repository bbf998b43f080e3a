import type { Config } from '../config/schema.ts'
import type { Session } from '../trail/session.ts'

/** Steps in the funnel of the session's flow. Never fewer than the session reached, even if the config has since removed some. */
export function funnelLength({ flows }: Config, { flow, furthest }: Pick<Session, 'flow' | 'furthest'>): number {
  const definition = flows[flow]
  const steps = definition ? (definition.funnel ?? Object.keys(definition.screens)).length : 0
  return Math.max(steps, furthest + 1)
}
