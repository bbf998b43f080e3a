// What goes together with leaving a screen: sessions with a certain choice, refusal, loading time, weekday, hour or version left it
// more often than the others. Tests every factor on every screen, and shows the factors that chance does not explain.

import { type DayRange, hourEnds } from '../lib/days.ts'
import { own } from '../lib/json.ts'
import { OTHER_RULE } from '../rollup/limit-names.ts'
import { MOST_ROWS, OTHER } from '../rollup/limits.ts'
import type { Exits } from '../rollup/screen-exits.ts'
import { ALL_SESSIONS, choiceOf, LOAD_PREFIX, RULE_PREFIX } from '../rollup/session-aggregate.ts'
import type { Path, SessionStatistics } from '../rollup/session-statistics.ts'
import { type Counts, getOrCreate, mapped, toCounts, total } from '../stats/counts.ts'
import { differenceOf } from '../stats/difference.ts'
import { falseDiscoveryRates, fisherExact, riskRatio, type Table2x2 } from '../stats/significance.ts'
import type { Driver, Factor } from './shapes.ts'

export type DriverQuery = {
  /** The choices that people make on each screen. A choice can only drive people away from later screens. */
  readonly choices: { readonly [screen: string]: readonly string[] }
  readonly all: SessionStatistics
  /** Days that the sessions are of, from the first that has any. */
  readonly days: number
  /** The same sessions, each in one slice. `factors`: what all of a slice have: a version, a weekday and an hour of their start. */
  readonly slices: readonly { readonly factors: readonly Factor[]; readonly exits: ExitsByScreen }[]
}

/** Smaller groups are no candidates. */
export const LEAST_GROUP = 30

/** The expected share of chance findings among the drivers stays below this. */
export const MAX_DRIVER_Q = 0.05

const DAYS_OF_A_MONTH = 30

/** The drivers of leaving each screen, the costliest first; `MOST_ROWS` at most. */
export function driversOf(query: DriverQuery): Driver[] {
  const candidates = candidatesOf(query)
  const completion = completionsAfter(query.all.paths)
  const ps = candidates.map(({ table }) => fisherExact(table))
  const qs = falseDiscoveryRates(ps)
  return candidates
    .map(({ screen, factor, table }, index): Driver => {
      const ratio = riskRatio(table)
      return {
        screen,
        factor,
        n: table.withHit + table.withMiss,
        others: table.withoutHit + table.withoutMiss,
        lost: table.withHit,
        othersLost: table.withoutHit,
        ratio: Number.isFinite(ratio) ? ratio : null,
        p: ps[index] as number,
        q: qs[index] as number,
        gain: gainOf(table, (completion(screen) * DAYS_OF_A_MONTH) / query.days),
      }
    })
    .filter(({ q, ratio }) => q < MAX_DRIVER_Q && (ratio === null || ratio > 1))
    .sort((a, b) => b.gain.completions - a.gain.completions || a.q - b.q || (a.screen < b.screen ? -1 : 1))
    .slice(0, MOST_ROWS.drivers)
}

/** `worth`: completions a month, for each session more that goes on. */
function gainOf({ withHit, withMiss, withoutHit, withoutMiss }: Table2x2, worth: number): Driver['gain'] {
  const n = withHit + withMiss
  const { by, low, high } = differenceOf({ count: withHit, of: n }, { count: withoutHit, of: withoutHit + withoutMiss })
  return { completions: by * n * worth, low: low * n * worth, high: high * n * worth }
}

/** Of the sessions that went on from a screen and are decided, the share that completed. */
function completionsAfter(paths: readonly Path[]): (screen: string) => number {
  const endings = new Map<string, { completed: number; lost: number }>()
  for (const { screens, completed, lost } of paths) {
    const last = screens.at(-1)
    for (const screen of new Set(screens)) {
      const ending = getOrCreate(endings, screen, () => ({ completed: 0, lost: 0 }))
      ending.completed += completed
      if (screen !== last) ending.lost += lost
    }
  }
  return (screen) => {
    const { completed = 0, lost = 0 } = endings.get(screen) ?? {}
    return completed === 0 ? 0 : completed / (completed + lost)
  }
}

/** `3.1× more likely to leave DATE_TIME after service = emergency (n = 412)` */
export function sentenceOf({ screen, factor, ratio, n }: Driver, days: DayRange): string {
  const times = ratio === null ? 'the only ones' : `${ratio.toFixed(1)}× as likely`
  return `${times} to leave ${screen} ${phraseOf(factor, days)} (n = ${n})`
}

function phraseOf(factor: Factor, days: DayRange): string {
  switch (factor.kind) {
    case 'choice':
      return `after ${factor.field} = ${typeof factor.value === 'string' ? factor.value : JSON.stringify(factor.value)}`
    case 'rule':
      return `after ${factor.field} was refused by its rule ${factor.rule}`
    case 'load':
      return `when it took ${factor.bucket} to load`
    case 'weekday':
      return `on a ${WEEKDAYS[factor.weekday - 1]}`
    case 'hour':
      return `when they began between ${hourEnds(factor.hour, days).join(' and ')}`
    case 'version':
      return `in version ${factor.version}`
  }
}

export const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const

type DriverCandidate = { readonly screen: string; readonly factor: Factor; readonly table: Table2x2 }

/** Reads the paths of each group once for all screens. */
function candidatesOf({ choices, all, slices }: DriverQuery): DriverCandidate[] {
  const everyone = exitsByScreen(all.paths)
  const byField = [...Map.groupBy(choicesIn(all, choices), ({ field }) => field).values()]
  const slicesByKind = [...Map.groupBy(exitsByFactor(slices), ({ factor }) => factor.kind).values()]
  const screens = Object.keys(all.screens).filter((screen) => screen !== OTHER)
  return screens.flatMap((screen) => {
    const compare = (factor: Factor | undefined, exits: Exits, base = exitsAt(everyone, screen)): DriverCandidate[] => {
      const table = {
        withHit: exits.lost,
        withMiss: exits.wentOn,
        withoutHit: base.lost - exits.lost,
        withoutMiss: base.wentOn - exits.wentOn,
      }
      return factor && isCandidate(table) ? [{ screen, factor, table }] : []
    }
    const on = ({ factor, byScreen }: FactorByScreen): FactorExits => ({ factor, exits: exitsAt(byScreen, screen) })
    return [
      ...byField.flatMap((values) => compareWithin(values.map(on), compare)),
      ...exitsBy(all, screen, 'rule').flatMap(({ factor, exits }) => compare(factor, exits)),
      // Sessions whose loading time is unknown, because the client moved to the screen by itself, take no part.
      ...compareWithin(exitsBy(all, screen, 'load'), compare),
      // Slices are read separately from `all`, and may have newer sessions: compare them among themselves.
      ...slicesByKind.flatMap((ofKind) => compareWithin(ofKind.map(on), compare)),
    ]
  })
}

/** Adds up the slices of each factor. */
function exitsByFactor(slices: DriverQuery['slices']): (FactorByScreen & { readonly factor: Factor })[] {
  const byFactor = new Map<string, { readonly factor: Factor; readonly sums: ExitSums }>()
  for (const { factors, exits } of slices)
    for (const factor of factors) {
      const { sums } = getOrCreate(byFactor, JSON.stringify(factor), () => ({ factor, sums: new Map() }))
      for (const screen of Object.keys(exits)) addExits(sums, screen, exits[screen] as Exits)
    }
  return [...byFactor.values()].map(({ factor, sums }) => ({ factor, byScreen: toCounts(sums) }))
}

/** `factor`: undefined for rare values that share one count; others are compared with them, but they are no candidates. */
type FactorExits = { readonly factor: Factor | undefined; readonly exits: Exits }
type FactorByScreen = { readonly factor: Factor | undefined; readonly byScreen: ExitsByScreen }

type ExitsByScreen = Counts<Exits>

/** Compares each group with the other groups. */
function compareWithin(
  groups: readonly FactorExits[],
  compare: (factor: Factor | undefined, exits: Exits, base: Exits) => DriverCandidate[],
): DriverCandidate[] {
  const base = {
    lost: total(groups.map(({ exits }) => exits.lost)),
    wentOn: total(groups.map(({ exits }) => exits.wentOn)),
  }
  return groups.flatMap(({ factor, exits }) => compare(factor, exits, base))
}

/** By choice. A session counts on the screens it visited after a screen where people make the choice. */
const choicesIn = ({ groups }: SessionStatistics, choices: DriverQuery['choices']) =>
  Object.entries(groups).flatMap(([name, paths]): (FactorByScreen & { readonly field: string })[] => {
    if (name === ALL_SESSIONS) return []
    const { field, value, isOverlap } = choiceOf(name)
    const places = new Set(Object.keys(choices).filter((place) => choices[place]?.includes(field)))
    const factor = isOverlap || value === undefined ? undefined : ({ kind: 'choice', field, value } as const)
    const byScreen = exitsByScreen(paths, places)
    // Each session that chose several options is then once in the sum of its field.
    return [{ field, factor, byScreen: isOverlap ? negative(byScreen) : byScreen }]
  })

const negative = (byScreen: ExitsByScreen): ExitsByScreen =>
  mapped(byScreen, ({ lost, wentOn }) => ({ lost: -lost, wentOn: -wentOn }))

const exitsBy = ({ factors }: SessionStatistics, screen: string, kind: 'rule' | 'load'): FactorExits[] =>
  Object.entries(own(factors, screen) ?? {})
    .filter(([name]) => name.startsWith(kind === 'load' ? LOAD_PREFIX : RULE_PREFIX))
    .map(([name, { completed, lost }]) => ({ factor: factorFrom(name), exits: { lost, wentOn: completed } }))

/** `after`: a session counts on the screens that it visited after one of these, also if it knew them before. */
function exitsByScreen(paths: readonly Path[], after?: ReadonlySet<string>): ExitsByScreen {
  const sums: ExitSums = new Map()
  for (const { screens, completed, open, lost } of paths) {
    const last = screens.at(-1)
    for (const screen of visitedAfter(screens, after))
      addExits(
        sums,
        screen,
        screen === last ? { lost, wentOn: completed } : { lost: 0, wentOn: completed + open + lost },
      )
  }
  return toCounts(sums)
}

type ExitSums = Map<string, { lost: number; wentOn: number }>

function addExits(sums: ExitSums, screen: string, { lost, wentOn }: Exits): void {
  const sum = getOrCreate(sums, screen, () => ({ lost: 0, wentOn: 0 }))
  sum.lost += lost
  sum.wentOn += wentOn
}

function visitedAfter(screens: readonly string[], after: ReadonlySet<string> | undefined): ReadonlySet<string> {
  if (after === undefined) return new Set(screens)
  const first = screens.findIndex((screen) => after.has(screen))
  return new Set(first < 0 ? [] : screens.slice(first + 1))
}

const exitsAt = (byScreen: ExitsByScreen, screen: string): Exits => own(byScreen, screen) ?? { lost: 0, wentOn: 0 }

function factorFrom(name: string): Factor | undefined {
  if (name === OTHER_RULE) return undefined
  if (name.startsWith(LOAD_PREFIX)) return { kind: 'load', bucket: name.slice(LOAD_PREFIX.length) }
  const slash = name.lastIndexOf('/')
  return { kind: 'rule', field: name.slice(RULE_PREFIX.length, slash), rule: name.slice(slash + 1) }
}

/** Large enough. Where paths are not told apart, a group can have more sessions on a screen than all: nothing can be said there. */
const isCandidate = ({ withHit, withMiss, withoutHit, withoutMiss }: Table2x2): boolean =>
  withHit + withMiss >= LEAST_GROUP && withoutHit + withoutMiss >= LEAST_GROUP && Math.min(withoutHit, withoutMiss) >= 0
