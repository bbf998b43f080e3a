import { countIn, type Quantiles, quantile } from '../stats/quantiles.ts'
import type { Spread } from './shapes.ts'

export function spreadOf(quantiles: Quantiles): Spread {
  const at = (share: number) => quantile(quantiles, share) as number
  const n = countIn(quantiles)
  return n === 0 ? { n } : { n, p50: at(0.5), p90: at(0.9), p95: at(0.95), p99: at(0.99) }
}
