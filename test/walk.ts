// A flow of three screens, and people who walk it: what each of them sends, step by step, and the screen they are to be sent.

import type { Loaded } from '../src/config/load-result.ts'
import { choicesOf, type Flow } from '../src/flow/definition.ts'
import type { JsonObject } from '../src/lib/json.ts'
import { sessionsOf } from '../src/trail/derive-sessions.ts'
import type { TrailEvent } from '../src/trail/event.ts'
import type { Session } from '../src/trail/session.ts'

export const WALK = `
walk:
  start: SERVICE
  screens:
    SERVICE:
      fields: { service: { type: choice, in: [fix, new], required: true } }
      next: CONTACT
    CONTACT:
      fields: { name: { type: text, required: true, max: 20 } }
      next: DONE
    DONE:
      data: { service: { expr: known.service } }
      complete: { booking: "B-{{ session.id }}" }
`

export type WalkStep = { readonly request: JsonObject; readonly screen: string }

/** Opens the flow, is refused once, chooses, goes back and chooses again, fills in, and finishes. */
export function stepsOf(token: string): readonly WalkStep[] {
  const step = (action: string, screen: string, data: JsonObject, next: string): WalkStep => ({
    request: { version: '3.0', flow_token: token, action, screen, data },
    screen: next,
  })
  return [
    step('INIT', '', {}, 'SERVICE'),
    step('data_exchange', 'SERVICE', { service: 'paint' }, 'SERVICE'),
    step('data_exchange', 'SERVICE', { service: 'fix' }, 'CONTACT'),
    step('BACK', 'CONTACT', {}, 'SERVICE'),
    step('data_exchange', 'SERVICE', { service: 'new' }, 'CONTACT'),
    step('data_exchange', 'CONTACT', { name: 'Ana' }, 'DONE'),
    step('data_exchange', 'DONE', {}, 'SUCCESS'),
  ]
}

/** What the sessions of these events must be, worked out in plain code. */
export function sessionsFrom(events: readonly TrailEvent[], { config, flows }: Loaded): Session[] {
  const flow = flows.get('walk') as Flow
  const { gap: gapMs, repeat_window: repeatWindowMs } = config.session
  const rules = { gapMs, repeatWindowMs, funnel: flow.funnel, choices: choicesOf(flow) }
  return [...Map.groupBy(events, ({ token }) => token).values()].flatMap((trail) => sessionsOf(trail, rules))
}

/** In the order of their ids, and with sums that do not depend on what is added first. */
export const comparable = (sessions: readonly Session[]): Session[] =>
  sessions
    .map((session) => ({
      ...session,
      steps: session.steps.map(({ processingMs, upstreamMs, ...step }) => ({
        ...step,
        processingMs: hundredths(processingMs),
        upstreamMs: hundredths(upstreamMs),
      })),
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1))

const hundredths = (ms: number): number => Math.round(ms * 100) / 100
