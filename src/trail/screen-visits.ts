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

  // A request can come while another is still being answered. Visits follow each other all the same: none ends before it
  // began, and none begins before the one before it ended.
  const leave = (at: number, end: StepEnd) => {
    if (!open) return
    steps.push({ ...open, leftAt: Math.max(at, open.shownAt), end })
    open = undefined
  }

  /** `loadMs`: our time over the request that is answered with the screen; undefined when the client moved there by itself. */
  const arrive = (screen: string, at: number, loadMs?: number) => {
    if (screen === '' || screen === SUCCESS) return
    const showing = loadMs === undefined ? 'inferred' : 'seen'
    const shownAt = Math.max(at, steps.at(-1)?.leftAt ?? at)
    open = {
      screen,
      showing,
      shownAt,
      dwellMs: 0,
      processingMs: 0,
      upstreamMs: 0,
      ...(loadMs !== undefined && { loadMs }),
      requests: 0,
      rejects: [],
      errors: [],
    }
    sentAt = showing === 'seen' ? shownAt : undefined
  }

  /** A request from a screen other than the one we sent: the client moved there by itself (`navigate`, its own Back). */
  const follow = (event: TrailEvent) => {
    if (event.screen === '' || open?.screen === event.screen) return
    leave(event.at, 'moved')
    arrive(event.screen, event.at)
  }

  const tally = (event: TrailEvent) => {
    if (!open) return
    open.requests++
    open.processingMs += event.processingMs
    open.upstreamMs += event.upstreamMs
    if (sentAt !== undefined) open.dwellMs += Math.max(0, event.at - sentAt)
    sentAt = Math.max(repliedAt(event), open.shownAt)
    note(open, event)
  }

  const begin = (event: TrailEvent) => {
    if (open || steps.length > 0) reopens++
    leave(event.at, 'reopened')
    arrive(event.next, repliedAt(event), event.processingMs)
    if (open) note(open, event)
  }

  const proceed = (event: TrailEvent) => {
    if (event.action === 'back') backs++
    follow(event)
    tally(event)
    const end = endOf(event, open?.screen)
    if (!end) return
    leave(event.at, end)
    arrive(event.next, repliedAt(event), event.processingMs)
  }

  const take = (event: TrailEvent) => {
    if (event.action === 'init') begin(event)
    else if (event.action !== 'client_error') proceed(event)
    else if (open) note(open, event)
  }

  return { take, end: () => ({ steps: open ? [...steps, open] : steps, backs, reopens }) }
}

/** How this request ends the visit to the screen it came from; undefined when the user stays `here`. */
function endOf(event: TrailEvent, here: string | undefined): StepEnd | undefined {
  if (event.outcome === 'completed') return 'completed'
  if (event.next === '' || event.next === here) return undefined
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
