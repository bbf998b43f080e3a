// What goes with leaving a screen: of the people who came to it, those with a certain choice, refusal, loading time, weekday,
// hour or version who left more often than the others. Found by trying everything, and shown only where chance is ruled out.

import { clockText } from '../lib/days.ts'
import { type Json, own } from '../lib/json.ts'
import { OTHER_RULE } from '../rollup/limit-names.ts'
import { MOST_ROWS, OTHER } from '../rollup/limits.ts'
import { ALL_SESSIONS, choiceOf, LOAD_PREFIX, RULE_PREFIX } from '../rollup/session-aggregate.ts'
import type { Path, SessionStatistics } from '../rollup/session-statistics.ts'
import { getOrCreate, total } from '../stats/counts.ts'
import { falseDiscoveryRates, fisherExact, riskRatio, type Table2x2 } from '../stats/significance.ts'

/** What the sessions of a group have in common. */
export type Factor =
  | { readonly kind: 'choice'; readonly field: string; readonly value: Json }
  | { readonly kind: 'rule'; readonly field: string; readonly rule: string }
  | { readonly kind: 'load'; readonly bucket: string }
  /** Monday is 1. */
  | { readonly kind: 'weekday'; readonly weekday: number }
  /** The one that begins then: 9.5 is the hour from half past nine. */
  | { readonly kind: 'hour'; readonly hour: number }
  | { readonly kind: 'version'; readonly version: string }

export type Driver = {
  readonly screen: string
  readonly factor: Factor
  /** Sessions that came to the screen and are not still on it: those with the factor, and the others they are held against. */
  readonly n: number
  readonly others: number
  /** How many of each left there. */
  readonly lost: number
  readonly othersLost: number
  /** How many times as likely the ones leave as the others; null when none of the others did. */
  readonly ratio: number | null
  /** Fisher's exact p, and the false discovery rate among all that was tried on this flow. */
  readonly p: number
  readonly q: number
}

export type DriverQuery = {
  /** The choices that are made on each screen: one can only drive people away from screens that come after it. */
  readonly choices: { readonly [screen: string]: readonly string[] }
  readonly all: SessionStatistics
  /** The same sessions by version, weekday and hour of their start. */
  readonly slices: readonly { readonly factor: Factor; readonly paths: readonly Path[] }[]
}

/** Smaller groups are not shown, whatever they seem to do. */
export const LEAST_GROUP = 30

/** Of the drivers shown, at most this share is expected to be chance. */
export const HIGHEST_Q = 0.05

/** The drivers of leaving each screen, the surest first; `MOST_ROWS` at most. */
export function driversOf(query: DriverQuery): Driver[] {
  const tried = candidatesOf(query)
  const ps = tried.map(({ table }) => fisherExact(table))
  const qs = falseDiscoveryRates(ps)
  return tried
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
      }
    })
    .filter(({ q, ratio }) => q < HIGHEST_Q && (ratio === null || ratio > 1))
    .sort((a, b) => a.q - b.q || b.lost - a.lost || (a.screen < b.screen ? -1 : 1))
    .slice(0, MOST_ROWS.drivers)
}

/** `3.1× more likely to leave DATE_TIME after service = emergency (n = 412)` */
export function sentenceOf({ screen, factor, ratio, n }: Driver): string {
  const times = ratio === null ? 'the only ones' : `${ratio.toFixed(1)}× as likely`
  return `${times} to leave ${screen} ${phraseOf(factor)} (n = ${n})`
}

function phraseOf(factor: Factor): string {
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
      return `when they began between ${clockText(factor.hour)} and ${clockText(factor.hour + 1)}`
    case 'version':
      return `in version ${factor.version}`
  }
}

export const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const

type DriverCandidate = { readonly screen: string; readonly factor: Factor; readonly table: Table2x2 }

/** Of those who came to a screen, how many left there, and how many went on. */
type Split = { readonly lost: number; readonly wentOn: number }

/** Each group's people are gone through once, for all screens together. */
function candidatesOf({ choices, all, slices }: DriverQuery): DriverCandidate[] {
  const everyone = splitsOf(all.paths)
  const byField = fieldsOf(choicesIn(all, choices))
  const cuts = [...Map.groupBy(slices, ({ factor }) => factor.kind).values()].map((cut) =>
    cut.map(({ factor, paths }) => ({ factor, splits: splitsOf(paths) })),
  )
  const screens = Object.keys(all.screens).filter((screen) => screen !== OTHER)
  return screens.flatMap((screen) => {
    const held = (factor: Factor | undefined, group: Split, base = splitOf(everyone, screen)): DriverCandidate[] => {
      const table = {
        withHit: group.lost,
        withMiss: group.wentOn,
        withoutHit: base.lost - group.lost,
        withoutMiss: base.wentOn - group.wentOn,
      }
      return factor && isLargeEnough(table) ? [{ screen, factor, table }] : []
    }
    const on = ({ factor, splits }: Divided): Grouped => ({ factor, group: splitOf(splits, screen) })
    return [
      ...byField.flatMap((values) => heldTogether(values.map(on), held)),
      ...happenings(all, screen, 'rule').flatMap(({ factor, group }) => held(factor, group)),
      // Of a screen that the client moved to by itself nobody knows how long it took.
      ...heldTogether(happenings(all, screen, 'load'), held),
      // All sessions, cut in one way and then in another, and read for themselves: some may have come since.
      ...cuts.flatMap((cut) => heldTogether(cut.map(on), held)),
    ]
  })
}

/** `factor`: undefined of those that are not told apart, who are held against others, and tried for nothing. */
type Grouped = { readonly factor: Factor | undefined; readonly group: Split }
type Splits = ReadonlyMap<string, Split>
type Divided = { readonly factor: Factor | undefined; readonly splits: Splits }

/** Each is held against the others of them. */
function heldTogether(
  groups: readonly Grouped[],
  held: (factor: Factor | undefined, group: Split, base: Split) => DriverCandidate[],
): DriverCandidate[] {
  const base = {
    lost: total(groups.map(({ group }) => group.lost)),
    wentOn: total(groups.map(({ group }) => group.wentOn)),
  }
  return groups.flatMap(({ factor, group }) => held(factor, group, base))
}

/** By their choices, those who had been, before they came to a screen, where the choice is made. */
const choicesIn = ({ groups }: SessionStatistics, choices: DriverQuery['choices']) =>
  Object.entries(groups).flatMap(([name, paths]): (Divided & { readonly field: string })[] => {
    if (name === ALL_SESSIONS) return []
    const { field, value } = choiceOf(name)
    const places = new Set(Object.keys(choices).filter((place) => choices[place]?.includes(field)))
    const factor = value === undefined ? undefined : ({ kind: 'choice', field, value } as const)
    return [{ field, factor, splits: splitsOf(paths, places) }]
  })

const fieldsOf = <T extends { readonly field: string }>(groups: readonly T[]): T[][] => [
  ...Map.groupBy(groups, ({ field }) => field).values(),
]

const happenings = ({ factors }: SessionStatistics, screen: string, kind: 'rule' | 'load'): Grouped[] =>
  Object.entries(own(factors, screen) ?? {})
    .filter(([name]) => name.startsWith(kind === 'load' ? LOAD_PREFIX : RULE_PREFIX))
    .map(([name, { completed, lost }]) => ({ factor: factorFrom(name), group: { lost, wentOn: completed } }))

/** By screen. `after`: only those who had been to one of these others before. */
function splitsOf(paths: readonly Path[], after?: ReadonlySet<string>): Splits {
  const splits = new Map<string, { lost: number; wentOn: number }>()
  for (const path of paths) {
    const last = path.screens.at(-1)
    let isAfter = after === undefined
    for (const screen of new Set(path.screens)) {
      if (isAfter) {
        const split = getOrCreate(splits, screen, () => ({ lost: 0, wentOn: 0 }))
        split.lost += screen === last ? path.lost : 0
        split.wentOn += screen === last ? path.completed : path.completed + path.open + path.lost
      }
      isAfter ||= after?.has(screen) ?? false
    }
  }
  return splits
}

const splitOf = (splits: Splits, screen: string): Split => splits.get(screen) ?? NO_PEOPLE

const NO_PEOPLE: Split = { lost: 0, wentOn: 0 }

function factorFrom(name: string): Factor | undefined {
  if (name === OTHER_RULE) return undefined
  if (name.startsWith(LOAD_PREFIX)) return { kind: 'load', bucket: name.slice(LOAD_PREFIX.length) }
  const slash = name.lastIndexOf('/')
  return { kind: 'rule', field: name.slice(RULE_PREFIX.length, slash), rule: name.slice(slash + 1) }
}

const isLargeEnough = ({ withHit, withMiss, withoutHit, withoutMiss }: Table2x2): boolean =>
  withHit + withMiss >= LEAST_GROUP && withoutHit + withoutMiss >= LEAST_GROUP
