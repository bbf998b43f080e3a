// Trails and sessions as aligned text, so that a test reads like the session it is about.

import { SUCCESS, type TrailError, type TrailEvent } from '../src/trail/event.ts'
import type { Session } from '../src/trail/session.ts'
import { eventOf, START } from './arbitrary-events.ts'

/**
 * One event per line: `time action screen next outcome`, then `name=value` as needed: `took` (ms in our server), `upstream`
 * (ms), `seq`, `data` (what was submitted), `service` (a choice), `refused` (field:rule), `error` (code). Times are seconds
 * or, with h, hours after START; `-` is no screen.
 */
export function trailOf(drawn: string): TrailEvent[] {
  const lines = drawn.split('\n').map((line) => line.trim().split(/\s+/))
  return lines.filter((words) => words.length >= 5).map(eventFrom)
}

/** One visit per line: `screen showing shown..left end dwell requests`, then what was refused and what went wrong. */
export const drawSteps = ({ steps }: Session): string[] =>
  steps.map((step) => {
    const span = `${seconds(step.shownAt - START)}..${step.leftAt === undefined ? '' : seconds(step.leftAt - START)}`
    const notes = [
      ...step.rejects.map(({ field, rule, count }) => `${field}:${rule}×${count}`),
      ...step.errors.map((error) => error.code),
    ]
    const requests = `${step.requests} request${step.requests === 1 ? '' : 's'}`
    return [
      step.screen,
      step.showing,
      span,
      step.end ?? 'open',
      `dwell ${seconds(step.dwellMs)}`,
      requests,
      ...notes,
    ].join(' ')
  })

/** The expected lines of a drawing, without its indentation. */
export const linesOf = (drawn: string): string[] =>
  drawn
    .split('\n')
    .map((line) => line.trim().replaceAll(/\s+/g, ' '))
    .filter((line) => line !== '')

function eventFrom([time = '', action = '', screen = '', next = '', outcome = '', ...more]: string[], index: number) {
  const said = Object.fromEntries(more.map((word) => word.split('=')))
  return eventOf({
    id: `event-${String(index).padStart(2, '0')}`,
    at: START + Number.parseFloat(time) * (time.endsWith('h') ? 3_600_000 : 1_000),
    action: action as TrailEvent['action'],
    screen: nameOf(screen),
    next: nameOf(next),
    outcome: outcome as TrailEvent['outcome'],
    processingMs: Number(said.took ?? 0),
    upstreamMs: Number(said.upstream ?? 0),
    fingerprint: `${said.data ?? ''}/${said.service ?? ''}`,
    input: said.service === undefined ? {} : { service: said.service === 'withheld' ? { $length: 4 } : said.service },
    errors: errorsFrom(said),
    ...(said.seq !== undefined && { sequence: said.seq }),
  })
}

function errorsFrom({ refused, error }: { [name: string]: string }): TrailError[] {
  const refusals = (refused ?? '')
    .split(',')
    .filter(Boolean)
    .map((word) => word.split(':'))
  return [
    ...refusals.map(([field = '', rule = '']) => ({ code: 'invalid_field', field, rule })),
    ...(error === undefined ? [] : [{ code: error }]),
  ]
}

const nameOf = (screen: string): string => (screen === '-' ? '' : screen === 'END' ? SUCCESS : screen)

const seconds = (ms: number): string => `${ms / 1_000}s`
