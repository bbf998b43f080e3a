import { Elysia } from 'elysia'
import type { Endpoint } from './endpoint.ts'

/** `POST /flows/:flow`. The body is left alone: the signature is over the bytes as received. */
export function endpointRoute(endpoint: Endpoint) {
  return new Elysia({ name: 'endpoint' })
    .post('/flows/:flow', ({ params, request }) => endpoint(params.flow, request), { parse: 'none' })
    .get('/flows/:flow', () => new Response(GREETING, { status: 405, headers: { allow: 'POST' } }))
}

const GREETING =
  'This is the data endpoint of a WhatsApp Flow. Meta sends it POST requests; there is nothing to see here.\n'
