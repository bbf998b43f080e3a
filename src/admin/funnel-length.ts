import type { Config } from '../config/schema.ts'
import type { Session } from '../trail/session.ts'

/** How many steps the session's flow has; at least as many as were reached, should the flow have been shortened since. */
export function funnelLength({ flows }: Config, { flow, furthest }: Pick<Session, 'flow' | 'furthest'>): number {
  const definition = flows[flow]
  const steps = definition ? (definition.funnel ?? Object.keys(definition.screens)).length : 0
  return Math.max(steps, furthest + 1)
}
