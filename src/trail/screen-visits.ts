// Derives the visits to screens from the requests of one session.

import { SUCCESS, type TrailError, type TrailEvent, UNKNOWN_SCREEN } from './event.ts'
import type { Step, StepEnd } from './session.ts'
import { wayAfter, wayTo } from './way.ts'

const MAX_ERRORS_PER_STEP = 20

type OpenStep = { -readonly [K in keyof Omit<Step, 'rejects' | 'errors'>]: Step[K] } & {
  readonly rejects: { field: string; rule: string; count: number }[]
  readonly errors: TrailError[]
}

/** Its `add` takes the events of one session in order, without the repeats. */
export function createVisits() {
  const steps: OpenStep[] = []
  let open: OpenStep | undefined
  /** When we last sent the open screen; undefined if the client moved there by itself. */
  let sentAt: number | undefined
  let way: readonly string[] = []
  let backs = 0
  let reopens = 0

  // A request can arrive while another is being answered. Still, no visit ends before it began or overlaps the one before it.
  const leave = (at: number, end: StepEnd) => {
    if (!open) return
    steps.push({ ...open, leftAt: Math.max(at, open.shownAt), end })
    open = undefined
  }

  /** `loadMs`: our time over the request answered with the screen, if it was sent. */
  const arrive = (screen: string, at: number, showing: Step['showing'], loadMs?: number) => {
    if (screen === '' || screen === SUCCESS) return
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

  /**
   * A request from a screen that we did not send last: the client moved there by itself, by its own Back to a screen that the person came
   * through, else by `navigate`. Of two screens that the flow does not have, nobody knows whether they are one.
   */
  const follow = ({ screen, at }: TrailEvent) => {
    if (screen === '' || open?.screen === screen) return
    const isBack = open !== undefined && screen !== UNKNOWN_SCREEN && way.includes(screen)
    leave(at, isBack ? 'unseen_back' : 'moved')
    arrive(screen, at, isBack ? 'returned' : 'inferred')
    way = wayTo(way, screen)
  }

  /** What we answered with. */
  const show = (event: TrailEvent) => arrive(event.next, repliedAt(event), 'seen', event.processingMs)

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
    show(event)
    if (open) note(open, event)
  }

  const proceed = (event: TrailEvent) => {
    if (event.action === 'back') backs++
    follow(event)
    tally(event)
    const end = endOf(event, open?.screen)
    if (!end) return
    leave(event.at, end)
    show(event)
  }

  /** About the last visit to the screen that the client names, else about the open one; about none before the completion. */
  const complain = (event: TrailEvent) => {
    const completed = steps.findLastIndex(({ end }) => end === 'completed')
    const since = [...steps.slice(completed + 1), ...(open ? [open] : [])]
    const visit = since.findLast(({ screen }) => screen === event.screen) ?? open
    if (visit) note(visit, event)
  }

  const add = (event: TrailEvent) => {
    if (event.action === 'client_error') return complain(event)
    if (event.action === 'init') begin(event)
    else proceed(event)
    way = wayAfter(way, event)
  }

  return { add, result: () => ({ steps: open ? [...steps, open] : steps, backs, reopens }) }
}

/** How this request ends the visit to the screen it came from; undefined if the user stays `here`. */
function endOf(event: TrailEvent, here: string | undefined): StepEnd | undefined {
  if (event.outcome === 'completed' && event.next === SUCCESS) return 'completed'
  if (event.next === '' || event.next === here) return undefined
  if (event.outcome !== 'shown' && event.outcome !== 'completed') return 'moved'
  return event.action === 'back' ? 'back' : 'submitted'
}

const repliedAt = (event: TrailEvent): number => Math.round(event.at + event.processingMs)

function note(step: OpenStep, event: TrailEvent): void {
  for (const error of event.errors) {
    if (event.outcome !== 'rejected' || error.rule === undefined) {
      if (step.errors.length < MAX_ERRORS_PER_STEP) step.errors.push(error)
      continue
    }
    const known = step.rejects.find((reject) => reject.field === error.field && reject.rule === error.rule)
    if (known) known.count++
    else step.rejects.push({ field: error.field ?? '', rule: error.rule, count: 1 })
  }
}
