// The one session that a drawn trail is.

import { sessionsOf } from '../src/trail/derive-sessions.ts'
import type { Session, SessionRules } from '../src/trail/session.ts'
import { trailOf } from './trail-text.ts'

export const rules: SessionRules = {
  gapMs: 24 * 3_600_000,
  repeatWindowMs: 15_000,
  funnel: [['A'], ['B', 'BB'], ['C']],
  choices: { A: ['service'], B: ['service'] },
}

export function sessionOf(drawn: string, more: Partial<SessionRules> = {}): Session {
  const sessions = sessionsOf(trailOf(drawn), { ...rules, ...more })
  if (sessions.length !== 1) throw new Error(`expected one session, found ${sessions.length}`)
  return sessions[0] as Session
}
