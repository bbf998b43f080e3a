// Shares and changes as pages show them.

import type { ChangeView, RateView } from '../../views/parts/rate.tsx'
import type { Change } from '../insight/shapes.ts'
import type { Rate } from '../stats/shapes.ts'

/** `href`: the sessions that `count` counts. */
export const linkedRate = (rate: Rate, href?: string): RateView => ({ ...rate, ...(href !== undefined && { href }) })

/** Chance does as much in fewer than one of twenty cases. */
const LARGEST_P = 0.05

export const isReal = ({ by, p }: Change): boolean => by !== null && p < LARGEST_P

export const changeView = (change: Change, than: string): ChangeView => ({
  points: change.by === null ? null : change.by * 100,
  isReal: isReal(change),
  than,
})
