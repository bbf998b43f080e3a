// One person's way from screen to screen, as far as the endpoint can see it.

import { SUCCESS, type TrailError, type TrailEvent } from './event.ts'
import type { Step, StepEnd } from './session.ts'

/** Errors kept per step; a session that fails a thousand times over says nothing more than one that fails twenty times. */
const ERRORS_KEPT = 20

type OpenStep = { -readonly [K in keyof Omit<Step, 'rejects' | 'errors'>]: Step[K] } & {
  readonly rejects: { field: string; rule: string; count: number }[]
  readonly errors: TrailError[]
}

/** Takes the events of one session in order, without the repeats. */
export function startWalk() {
  const steps: Step[] = []
  let open: OpenStep | undefined
  /** When we last sent the open screen; unknown for a screen the client moved to by itself. */
  let sentAt: number | undefined
  let backs = 0
  let reopens = 0

  const leave = (at: number, end: StepEnd) => {
    if (!open) return
    steps.push({ ...open, leftAt: at, end })
    open = undefined
  }

  const arrive = (screen: string, showing: Step['showing'], at: number) => {
    if (screen === '' || screen === SUCCESS) return
    open = {
      screen,
      showing,
      shownAt: at,
      dwellMs: 0,
      processingMs: 0,
      upstreamMs: 0,
      requests: 0,
      rejects: [],
      errors: [],
    }
    sentAt = showing === 'seen' ? at : undefined
  }

  /** A request from a screen other than the one we sent: the client moved there by itself (`navigate`, its own Back). */
  const follow = (event: TrailEvent) => {
    if (event.screen === '' || open?.screen === event.screen) return
    leave(event.at, 'moved')
    arrive(event.screen, 'inferred', event.at)
  }

  const tally = (event: TrailEvent) => {
    if (!open) return
    open.requests++
    open.processingMs += event.processingMs
    open.upstreamMs += event.upstreamMs
    if (sentAt !== undefined) open.dwellMs += Math.max(0, event.at - sentAt)
    sentAt = repliedAt(event)
    note(open, event)
  }

  const take = (event: TrailEvent) => {
    if (event.action === 'client_error') {
      if (open) note(open, event)
    } else if (event.action === 'init') {
      if (open || steps.length > 0) reopens++
      leave(event.at, 'reopened')
      arrive(event.next, 'seen', repliedAt(event))
    } else {
      if (event.action === 'back') backs++
      follow(event)
      tally(event)
      const end = endOf(event)
      if (end) {
        leave(event.at, end)
        arrive(event.next, 'seen', repliedAt(event))
      }
    }
  }

  return { take, end: () => ({ steps: open ? [...steps, open] : steps, backs, reopens }) }
}

/** How this request ends the visit it came from; undefined when the user stays on the screen. */
function endOf(event: TrailEvent): StepEnd | undefined {
  if (event.outcome === 'completed') return 'completed'
  if (event.next === '' || event.next === event.screen) return undefined
  if (event.outcome !== 'shown') return 'moved'
  return event.action === 'back' ? 'back' : 'submitted'
}

const repliedAt = (event: TrailEvent): number => Math.round(event.at + event.processingMs)

function note(step: OpenStep, event: TrailEvent): void {
  for (const error of event.errors) {
    if (event.outcome !== 'rejected' || error.rule === undefined) {
      if (step.errors.length < ERRORS_KEPT) step.errors.push(error)
      continue
    }
    const known = step.rejects.find((reject) => reject.field === error.field && reject.rule === error.rule)
    if (known) known.count++
    else step.rejects.push({ field: error.field ?? '', rule: error.rule, count: 1 })
  }
}
