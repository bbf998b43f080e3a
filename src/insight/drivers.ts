// What goes with leaving a screen: of the people who came to it, those with a certain choice, refusal, loading time, weekday,
// hour or version who left more often than the others. Found by trying everything, and shown only where chance is ruled out.

import { clockText } from '../lib/days.ts'
import type { Json } from '../lib/json.ts'
import type { Asked, Way } from './asked.ts'
import { total } from './counts.ts'
import { falseDiscoveryRates, fisherExact, riskRatio, type Table2x2 } from './significance.ts'
import { ALL, choiceOf, LOAD, RULE } from './tally.ts'

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
  readonly all: Asked
  /** The same sessions by version, weekday and hour of their start. */
  readonly slices: readonly { readonly factor: Factor; readonly ways: readonly Way[] }[]
}

/** Smaller groups are not shown, whatever they seem to do. */
export const LEAST_GROUP = 30

/** Of the drivers shown, at most this share is expected to be chance. */
export const HIGHEST_Q = 0.05

/** The drivers of leaving each screen, the surest first. */
export function driversOf(query: DriverQuery): Driver[] {
  const tried = candidatesOf(query).filter(({ table }) => isLargeEnough(table))
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

type Candidate = { readonly screen: string; readonly factor: Factor; readonly table: Table2x2 }

/** Of those who came to a screen, how many left there, and how many went on. */
type Split = { readonly lost: number; readonly wentOn: number }

function candidatesOf({ choices, all, slices }: DriverQuery): Candidate[] {
  return Object.keys(all.screens).flatMap((screen) => {
    const everyone = splitOf(all.ways, screen)
    const held = (factor: Factor, group: Split, base = everyone): Candidate => ({
      screen,
      factor,
      table: {
        withHit: group.lost,
        withMiss: group.wentOn,
        withoutHit: base.lost - group.lost,
        withoutMiss: base.wentOn - group.wentOn,
      },
    })
    return [
      ...fieldsOf(choicesBefore(all, choices, screen)).flatMap((values) => heldTogether(values, held)),
      ...happenings(all, screen, 'rule').map(({ factor, group }) => held(factor, group)),
      // Of a screen that the client moved to by itself nobody knows how long it took.
      ...heldTogether(happenings(all, screen, 'load'), held),
      // All sessions, cut in one way and then in another, and read for themselves: some may have come since.
      ...[...Map.groupBy(slices, ({ factor }) => factor.kind).values()].flatMap((cut) =>
        heldTogether(
          cut.map(({ factor, ways }) => ({ factor, group: splitOf(ways, screen) })),
          held,
        ),
      ),
    ]
  })
}

type Grouped = { readonly factor: Factor; readonly group: Split }

/** Each is held against the others of them. */
function heldTogether(
  groups: readonly Grouped[],
  held: (factor: Factor, group: Split, base: Split) => Candidate,
): Candidate[] {
  const base = {
    lost: total(groups.map(({ group }) => group.lost)),
    wentOn: total(groups.map(({ group }) => group.wentOn)),
  }
  return groups.map(({ factor, group }) => held(factor, group, base))
}

/** The choices of those who had been, before they came to the screen, where the choice is made. */
function choicesBefore({ groups }: Asked, choices: DriverQuery['choices'], screen: string) {
  return Object.entries(groups).flatMap(([name, ways]) => {
    if (name === ALL) return []
    const { field, value } = choiceOf(name)
    const places = Object.keys(choices).filter((place) => place !== screen && choices[place]?.includes(field))
    return [{ factor: { kind: 'choice', field, value } as const, group: splitOf(ways, screen, places) }]
  })
}

const fieldsOf = <T extends { readonly factor: { readonly field: string } }>(groups: readonly T[]): T[][] => [
  ...Map.groupBy(groups, ({ factor }) => factor.field).values(),
]

const happenings = ({ factors }: Asked, screen: string, kind: 'rule' | 'load'): Grouped[] =>
  Object.entries(factors[screen] ?? {})
    .map(([name, { completed, lost }]) => ({ factor: factorFrom(name), group: { lost, wentOn: completed } }))
    .filter(({ factor }) => factor.kind === kind)

/** `after`: only those who had been to one of these screens before. */
function splitOf(ways: readonly Way[], screen: string, after?: readonly string[]): Split {
  let lost = 0
  let wentOn = 0
  for (const way of ways) {
    const arrival = way.screens.indexOf(screen)
    if (arrival < 0) continue
    if (after && !way.screens.slice(0, arrival).some((before) => after.includes(before))) continue
    if (way.screens.at(-1) === screen) {
      lost += way.lost
      wentOn += way.completed
    } else wentOn += way.completed + way.open + way.lost
  }
  return { lost, wentOn }
}

function factorFrom(name: string): Factor {
  if (name.startsWith(LOAD)) return { kind: 'load', bucket: name.slice(LOAD.length) }
  const slash = name.lastIndexOf('/')
  return { kind: 'rule', field: name.slice(RULE.length, slash), rule: name.slice(slash + 1) }
}

const isLargeEnough = ({ withHit, withMiss, withoutHit, withoutMiss }: Table2x2): boolean =>
  withHit + withMiss >= LEAST_GROUP && withoutHit + withoutMiss >= LEAST_GROUP
