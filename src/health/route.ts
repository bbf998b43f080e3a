import { Elysia } from 'elysia'
import { plainText } from '../http/plain-text.ts'
import type { Metrics } from './metrics.ts'
import { type Allow, allowScraper } from './metrics-access.ts'
import type { Readiness } from './ready.ts'

/** `/up`: the process is alive. `/ready`: it can also journal events. */
export function healthRoutes(readiness: Readiness) {
  return new Elysia({ name: 'health' })
    .get('/up', () => 'up\n')
    .get('/ready', async () => {
      const problems = await readiness()
      return problems.length === 0 ? 'ready\n' : plainText(503, `${problems.join('\n')}\n`)
    })
}

/** `/metrics`, for Prometheus. Without `allow`, for this machine only. */
export function metricsRoute({ metrics, allow = allowScraper() }: { metrics: Metrics; allow?: Allow }) {
  return new Elysia({ name: 'metrics' }).get('/metrics', async ({ request, server }) => {
    if (!allow(request, server?.requestIP(request)?.address)) return plainText(403, REFUSAL)
    return new Response(await metrics.expose(), { headers: { 'content-type': metrics.contentType } })
  })
}

const REFUSAL =
  'The metrics are for this machine. To read them from elsewhere, set server.metrics_token in the config and send it as Authorization: Bearer TOKEN.\n'
