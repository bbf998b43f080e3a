import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Counter, Gauge, type Registry } from 'prom-client'
import { metersIn } from './meters.ts'

/** The default metrics of prom-client that work on Bun; those about V8 stay empty there. */
export function addProcessMetrics(registry: Registry): void {
  const registers = [registry]
  const { measured } = metersIn(registry, '')
  const startedAt = performance.timeOrigin / 1_000
  measured('process_start_time_seconds', 'When the process started, since the epoch.', () => startedAt)
  measured('process_resident_memory_bytes', 'Memory that the process holds.', () => process.memoryUsage.rss())
  measured(
    'nodejs_heap_size_used_bytes',
    'Memory that objects took, as of the last collection.',
    () => process.memoryUsage().heapUsed,
  )
  new Counter({
    name: 'process_cpu_seconds_total',
    help: 'Processor time used.',
    registers,
    collect() {
      const { user, system } = process.cpuUsage()
      this.reset()
      this.inc((user + system) / 1_000_000)
    },
  })

  const lag = monitorEventLoopDelay({ resolution: LAG_RESOLUTION_MS })
  lag.enable()
  new Gauge({
    name: 'screentrail_event_loop_lag_seconds',
    help: 'How late the event loop came round since the last scrape: half of the time, one time in a hundred, at worst.',
    labelNames: ['quantile'],
    registers,
    collect() {
      this.set({ quantile: 0.5 }, lag.percentile(50) / 1e9)
      this.set({ quantile: 0.99 }, lag.percentile(99) / 1e9)
      this.set({ quantile: 1 }, lag.max / 1e9)
      lag.reset()
    },
  })
}

const LAG_RESOLUTION_MS = 20
