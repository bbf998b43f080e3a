// The sessions of docs/numbers.md, read from the page itself.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sha256 } from '../src/lib/ids.ts'
import { sessionsOf } from '../src/trail/derive-sessions.ts'
import { SUCCESS, type TrailEvent } from '../src/trail/event.ts'
import type { Session, SessionRules } from '../src/trail/session.ts'
import { eventOf } from './arbitrary-events.ts'

export const page = readFileSync(join(import.meta.dir, '../docs/numbers.md'), 'utf8')

/** Its text, wherever its lines end. */
export const prose = page.replace(/\s+/g, ' ')

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const MONDAY = Date.UTC(2026, 2, 2, 9)
const TUESDAY = MONDAY + 24 * HOUR

/** Wednesday, 12:00. */
export const NOW = MONDAY + 51 * HOUR
export const LOST_AFTER_MS = 24 * HOUR

export const FUNNEL = [['SERVICE'], ['DATE'], ['CONTACT'], ['CONFIRM', 'EMERGENCY']]
export const RULES: SessionRules = {
  gapMs: 24 * HOUR,
  repeatWindowMs: 1_000,
  funnel: FUNNEL,
  choices: { SERVICE: ['service'] },
}

/** Our time over each request, milliseconds. */
const TOOK = 100

/** The events of the twenty sessions; with `copies`, of as many people more who do the same, each a token of their own. */
export function pageEvents(copies = 1): TrailEvent[] {
  const [, block = ''] = /```trail\n(.*?)```/s.exec(page) ?? []
  const lines = block.trim().split('\n')
  return Array.from({ length: copies }, (_, copy) => lines.flatMap((line) => eventsOf(line, copy))).flat()
}

export function pageSessions(copies = 1): Session[] {
  const trails = Map.groupBy(pageEvents(copies), ({ token }) => token)
  return [...trails.values()].flatMap((events) => sessionsOf(events, RULES))
}

function eventsOf(line: string, copy: number): TrailEvent[] {
  const [, number = '', service = '', told = ''] = /^\s*(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? []
  const items = told.split(', ')
  const end = String(items.pop()).split(' ').at(-1) as string
  const token = `${number}-${copy}`
  const events: TrailEvent[] = []
  let at = beginOf(Number(number)) + copy
  const add = (partial: Partial<TrailEvent>) => {
    const id = sha256(`${token} ${events.length}`)
    events.push(
      eventOf({ id, token, at, processingMs: TOOK, upstreamMs: 0, fingerprint: String(events.length), ...partial }),
    )
    at += TOOK
  }
  add({ action: 'init', screen: '', next: screenAfter([...items, end], -1), outcome: 'shown' })
  for (const [index, item] of items.entries()) {
    const [screen = '', seconds = '', what, reason = ''] = item.split(' ')
    at += Number(seconds) * 1_000
    const next = screenAfter([...items, end], index)
    const input = screen === 'SERVICE' ? { service } : {}
    const [field = '', rule = ''] = reason.split('/')
    if (screen === 'reopen') add({ action: 'init', screen: '', next, outcome: 'shown' })
    else if (what === 'refused')
      add({ screen, next: screen, outcome: 'rejected', errors: [{ code: 'invalid_field', field, rule }] })
    else if (what === 'back') add({ action: 'back', screen, next, outcome: 'shown' })
    else add({ screen, next, outcome: next === SUCCESS ? 'completed' : 'shown', input })
  }
  return events
}

/** The screen that the answer sent: the next one that is told of, but for HELP, where the phone went by itself, from DATE. */
function screenAfter(items: readonly string[], index: number): string {
  const screen = String(items[index + 1]).split(' ')[0] as string
  if (screen === 'done') return SUCCESS
  return screen === 'HELP' || screen === 'reopen' ? 'DATE' : screen
}

function beginOf(number: number): number {
  if (number <= 10) return MONDAY + (number - 1) * MINUTE
  return number <= 18 ? TUESDAY + (number - 11) * MINUTE : TUESDAY + 4 * HOUR + (number - 19) * MINUTE
}
