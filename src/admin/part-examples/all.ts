import type { PartsView } from '../../../views/pages/parts.tsx'
import { DISTRIBUTIONS, SMALL_MULTIPLES } from './counts.ts'
import { MAPS } from './maps.ts'
import { FUNNELS, LINES, SPARKLINES, STACKED_BARS } from './shares.ts'

export const EXAMPLES: PartsView = {
  maps: MAPS,
  funnels: FUNNELS,
  lines: LINES,
  sparklines: SPARKLINES,
  distributions: DISTRIBUTIONS,
  multiples: SMALL_MULTIPLES,
  stackedBars: STACKED_BARS,
}
