import { choicesOf } from '../flow/definition.ts'
import type { SessionRulebook } from '../trail/session.ts'
import type { Loaded } from './load-result.ts'

export function rulebookOf({ config: { session }, flows }: Pick<Loaded, 'config' | 'flows'>): SessionRulebook {
  const timing = { gapMs: session.gap, repeatWindowMs: session.repeat_window }
  return {
    flows: Object.fromEntries(
      [...flows].map(([key, flow]) => [key, { ...timing, funnel: flow.funnel, choices: choicesOf(flow) }]),
    ),
    otherwise: { ...timing, funnel: [], choices: {} },
  }
}
