import type { Config } from '../config/schema.ts'
import { defaultFunnel } from '../flow/definition.ts'
import type { Session } from '../trail/session.ts'

/** Steps in the flow's funnel; at least those the session reached, because the config may have lost some since. */
export function funnelLength({ flows }: Config, { flow, furthest }: Pick<Session, 'flow' | 'furthest'>): number {
  const definition = flows[flow]
  const steps = definition ? defaultFunnel(definition).length : 0
  return Math.max(steps, furthest + 1)
}
