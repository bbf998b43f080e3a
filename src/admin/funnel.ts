import type { Config } from '../config/schema.ts'
import { defaultFunnel } from '../flow/definition.ts'
import type { Session } from '../trail/session.ts'

/** None of a flow that the config does not have. */
export const funnelOf = ({ flows }: Pick<Config, 'flows'>, flow: string) => {
  const definition = flows[flow]
  return definition ? defaultFunnel(definition) : []
}

/** Steps in the flow's funnel; at least those the session reached, because the config may have lost some since. */
export const funnelLength = (config: Config, { flow, furthest }: Pick<Session, 'flow' | 'furthest'>): number =>
  Math.max(funnelOf(config, flow).length, furthest + 1)
