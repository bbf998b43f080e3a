// Whether the server runs on this machine, and answers as Meta expects.

import { publicKeyOf } from '../config/flow-key.ts'
import type { Loaded } from '../config/load-result.ts'
import { basePathOf } from '../config/public-url.ts'
import { appSecretPlaces } from '../config/secrets.ts'
import { showDuration } from '../lib/units.ts'
import { createExchange } from '../simulate/exchange.ts'
import { createRunCounts } from '../simulate/run-counts.ts'
import { adviseOnSecrets, areForeign, describeSignatures, type SignatureCounts } from '../trail/signature-counts.ts'
import { type Check, ok, problem, warning } from './check.ts'

/** Who listens on a port. */
type Listener = 'nobody' | 'ours' | 'other'

export async function findListener(port: number): Promise<Listener> {
  try {
    const response = await get(port, '/up')
    return response.status === 200 && (await response.text()).trim() === 'up' ? 'ours' : 'other'
  } catch (error) {
    // Bun has used both codes.
    return /^(ECONNREFUSED|ConnectionRefused)$/.test((error as { code?: string }).code ?? '') ? 'nobody' : 'other'
  }
}

export async function checkServer(listener: Listener, port: number): Promise<Check> {
  if (listener === 'nobody')
    return warning('server', `nothing listens on port ${port}`, '`screentrail serve` starts it; --port names another')
  if (listener === 'other') {
    const found = `what listens on port ${port} is not Screentrail, or is stuck`
    return problem('server', found, 'stop it, or choose another server.port')
  }
  try {
    const response = await get(port, '/ready')
    if (response.status === 200) return ok('server', `is up on port ${port}, and ready`)
    const sentences = (await response.text()).trim().split('\n')
    return problem('server', `is up on port ${port}, but not ready`, sentences.join(' '))
  } catch (error) {
    return problem('server', `is up on port ${port}, but /ready gives no answer: ${(error as Error).message}`, SEE_LOG)
  }
}

/** From the running server's counts. */
export async function checkSignatures(loaded: Loaded, port: number): Promise<readonly Check[]> {
  const counts = loaded.config.meta.signature === 'off' ? undefined : await readSignatureCounts(port)
  if (!counts) return []
  const found = describeSignatures(counts)
  if (!areForeign(counts)) return [ok('signatures', found)]
  return [warning('signatures', found, adviseOnSecrets(appSecretPlaces(loaded)))]
}

/** Undefined if the server refuses, as behind a proxy on this machine. */
async function readSignatureCounts(port: number): Promise<SignatureCounts | undefined> {
  const response = await get(port, '/metrics').catch(() => undefined)
  if (response?.status !== 200) return undefined
  const text = await response.text()
  const valueOfMetric = (name: string) => {
    const line = text.split('\n').find((each) => each.startsWith(`${name} `))
    return line === undefined ? undefined : Number(line.slice(name.length))
  }
  const since = valueOfMetric('process_start_time_seconds')
  const ours = valueOfMetric('screentrail_signatures_total{ours="yes"}')
  const foreign = valueOfMetric('screentrail_signatures_total{ours="no"}')
  if (since === undefined || ours === undefined || foreign === undefined) return undefined
  return { since: Math.round(since * 1_000), ours, foreign }
}

/** Sends the first flow an encrypted and signed health check, as Meta does. Creates no event. */
export async function checkRoundTrip({ config, flows }: Loaded, port: number): Promise<Check> {
  const [flow] = flows.keys()
  const [newest] = config.meta.keys
  if (flow === undefined || newest === undefined)
    return warning('round trip', 'there is no flow to send a health check to', 'describe one under flows')

  const exchange = createExchange({
    url: `http://localhost:${port}${basePathOf(config.server)}/flows/${flow}`,
    publicKey: await publicKeyOf(newest),
    appSecret: config.meta.signature === 'off' ? undefined : config.meta.app_secrets[0],
    fetch,
    now: () => performance.now(),
    counts: createRunCounts(),
  })
  const started = performance.now()
  const exchanged = await exchange('ping', { version: '3.0', action: 'ping' })
  const tookMs = performance.now() - started
  if (!exchanged.ok) return problem('round trip', `/flows/${flow} answered ${exchanged.found}`, RESTART)
  if (Bun.deepEquals(exchanged.reply, { data: { status: 'active' } }))
    return ok('round trip', `/flows/${flow} answers Meta’s health check, in ${showDuration(tookMs)}`)
  return problem('round trip', `/flows/${flow} answered ${JSON.stringify(exchanged.reply)} to a health check`, SEE_LOG)
}

const get = (port: number, path: string): Promise<Response> =>
  fetch(`http://localhost:${port}${path}`, { redirect: 'manual', signal: AbortSignal.timeout(5_000) })

const SEE_LOG = 'the server’s log says why'
const RESTART = 'restart the server if the config or the keys were changed since it started'
