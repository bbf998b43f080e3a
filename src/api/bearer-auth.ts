// Lets in requests with one of the tokens of the config.

import type { Config } from '../config/schema.ts'
import { isBearer } from '../http/bearer-token.ts'
import { clientIp } from '../http/client-ip.ts'
import { networkOf } from '../http/client-network.ts'
import { createRateLimit } from '../http/rate-limit.ts'
import type { Clock } from '../lib/clock.ts'
import { errorResponse } from './response.ts'

/** The caller's name for the audit log, or the refusal. `peer`: the address of the other end. */
export type BearerAuth = (request: Request, peer: string | undefined) => { readonly caller: string } | Response

export function createBearerAuth({ api, server }: Pick<Config, 'api' | 'server'>, clock: Clock): BearerAuth {
  const wrongOnes = createRateLimit(WRONG_TOKEN_LIMITS, clock)
  return (request, peer) => {
    if (api.tokens.length === 0) return errorResponse(403, 'off', OFF)
    if (!request.headers.has('authorization')) return errorResponse(401, 'no_token', NO_TOKEN, CHALLENGE)
    // Compares all tokens, so that the time taken does not reveal which one is right.
    const index = api.tokens.map((token) => isBearer(request, token)).indexOf(true)
    // A right token never waits: many callers can share an address, and a stranger there must not lock them out. Nobody guesses
    // sixteen characters, so the rate limit protects no token.
    if (index >= 0) return { caller: `token ${index + 1}` }
    const waitMs = wrongOnes.take(networkOf(clientIp(request, peer, server.trusted_proxies)))
    if (waitMs > 0) {
      const seconds = String(Math.ceil(waitMs / 1_000))
      const message = `Too many wrong tokens came from your address; wait ${seconds} seconds.`
      return errorResponse(429, 'too_many_tries', message, { 'retry-after': seconds })
    }
    return errorResponse(401, 'wrong_token', WRONG_TOKEN, CHALLENGE)
  }
}

const WRONG_TOKEN_LIMITS = { burst: 10, refillMs: 30_000, keys: 10_000 } as const

const OFF =
  'The API is off. To turn it on, put a token of at least 16 characters under api.tokens in the config, and send it as Authorization: Bearer TOKEN.'
const NO_TOKEN = 'No token came; send one of api.tokens in the config as Authorization: Bearer TOKEN.'
const WRONG_TOKEN = 'The token is none of api.tokens in the config.'
const CHALLENGE = { 'www-authenticate': 'Bearer' }
