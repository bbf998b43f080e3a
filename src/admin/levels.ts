// Meta's levels, as pages show them.

import type { LevelView } from '../../views/parts/level.tsx'
import type { ReportOf } from '../report/reports.ts'

export const UNKNOWN: LevelView = { text: 'not known', state: 'unknown' }

export function levelOf(level: string): LevelView {
  if (level === 'too_few_requests') return { text: 'too few requests', state: 'unknown' }
  return level === 'ok' ? { text: 'good', state: 'good' } : { text: `level ${level}`, state: 'bad' }
}

type Health = ReportOf<'health'>['now']

export const levelsOf = ({ latencyMs, endpointErrors, clientErrors }: Health) => ({
  latency: levelOf(latencyMs.level),
  endpointErrors: endpointErrors ? levelOf(endpointErrors.level) : UNKNOWN,
  clientErrors: levelOf(clientErrors.level),
})
