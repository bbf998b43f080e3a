// Calls outside APIs. Whatever an API does, it never rejects.

import { createHmac } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { Clock, Stopwatch } from '../lib/clock.ts'
import { canonical, type Json, type JsonObject, nestsDeeperThan, parseData } from '../lib/json.ts'
import { readBytes } from '../lib/read-bytes.ts'
import type { TrailError } from '../trail/event.ts'
import type { Api } from './definition.ts'

export type ApiRequest = {
  /** Fills the parameters of the path; the rest goes into the query, or into the body as JSON. */
  readonly with: JsonObject
  readonly headers: { readonly [name: string]: string }
  /** Whether a remembered answer will not do. */
  readonly isFresh: boolean
  /** Equal for the same submission, so that the API can tell a second call from another one. */
  readonly idempotencyKey?: string
}

/** What expressions see of a call. */
export type ApiAnswer = {
  /** Whether it answered 2xx, with JSON or with nothing. */
  readonly ok: boolean
  /** Absent where none came. */
  readonly status?: number
  /** Absent where none came, or no JSON. */
  readonly body?: Json
  /** Why there is no usable answer: `timeout`, `unreachable`, `status`, `body`, `parameter` or `spared`. */
  readonly error?: string
}

export type Called = {
  readonly answer: ApiAnswer
  /** Time waited, milliseconds. */
  readonly waitedMs: number
  /** Beside a remembered answer: why it could not be renewed. */
  readonly failure?: TrailError
}

export type CallApi = (api: Api, request: ApiRequest) => Promise<Called>

type Deps = {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
  /** Dates signatures. */
  readonly clock: Clock
  readonly stopwatch: Stopwatch
  /** Tells the age of answers: a clock that is set back would keep them young. */
  readonly uptime: Stopwatch
}

/** Of all remembered answers together. */
const CACHE_BYTES = 64 * 1024 * 1024
const MAX_ANSWER_BYTES = 1024 * 1024
const MAX_ANSWER_DEPTH = 64

type Fetched = { readonly answer: ApiAnswer; readonly size: number; readonly failure?: TrailError }
/** `failure`: of the attempt to replace this answer. */
type CacheEntry = Fetched & { readonly at: number }

/**
 * Remembers answers of APIs with `cache`. One that is younger is given without a call; up to `stale` older, it is given while a new one
 * is fetched, and if that fails. Callers who want the same answer at the same time share one call. An answer that is not ok is never
 * remembered.
 */
export function createApis(deps: Deps): CallApi {
  const { stopwatch, uptime } = deps
  const entries = new LRUCache<string, CacheEntry>({
    maxSize: CACHE_BYTES,
    sizeCalculation: (entry, key) => entry.size + key.length,
  })
  const underWay = new Map<string, Promise<Fetched>>()

  const load = async (key: string, api: Api, request: ApiRequest): Promise<Fetched> => {
    const fetched = await fetchJson(api, request, deps)
    const entry = entries.get(key)
    if (fetched.answer.ok) entries.set(key, { answer: fetched.answer, size: fetched.size, at: uptime() })
    else if (entry && fetched.failure) entries.set(key, { ...entry, failure: fetched.failure })
    return fetched
  }
  const refresh = (key: string, api: Api, request: ApiRequest): Promise<Fetched> =>
    underWay.getOrInsertComputed(key, () => load(key, api, request).finally(() => underWay.delete(key)))

  return async (api, request) => {
    const { cache, stale } = api.config
    const isRemembered = cache + stale > 0 && request.idempotencyKey === undefined
    const key = isRemembered ? keyOf(api, request) : ''
    const entry = isRemembered && !request.isFresh ? entries.get(key) : undefined
    const age = entry ? uptime() - entry.at : Number.POSITIVE_INFINITY
    if (entry && age < cache) return { answer: entry.answer, waitedMs: 0 }
    if (entry && age < cache + stale) {
      void refresh(key, api, request)
      return { answer: entry.answer, waitedMs: 0, ...(entry.failure && { failure: entry.failure }) }
    }
    const started = stopwatch()
    const { answer, failure } = await (isRemembered ? refresh(key, api, request) : fetchJson(api, request, deps))
    return { answer, waitedMs: stopwatch() - started, ...(failure && { failure }) }
  }
}

/** APIs of several flows can share a name and an address and still differ. */
const keyOf = ({ name, config }: Api, { with: parameters, headers }: ApiRequest): string =>
  `${name}\n${canonical({ config: config as unknown as JsonObject, parameters, headers })}`

async function fetchJson(api: Api, request: ApiRequest, { fetch, clock }: Deps): Promise<Fetched> {
  const fail = (code: string, message: string, found: Partial<ApiAnswer> = {}): Fetched => ({
    answer: { ok: false, ...found, error: code.replace('upstream_', '') },
    size: 0,
    failure: { code, field: api.name, message: `${api.name} ${message}` },
  })
  const { timeout } = api.config
  const prepared = requestOf(api, request, clock)
  if ('mistake' in prepared) return fail('upstream_parameter', `was not called: ${prepared.mistake}`)
  const signal = AbortSignal.timeout(timeout)
  // Of a connection that is kept open, nobody knows whether it still is; Bun would make a GET twice then, and fail a POST.
  try {
    const response = await fetch(prepared.url, { ...prepared.init, signal, redirect: 'manual', keepalive: false })
    const { status } = response
    const text = (await readBytes(response.body, MAX_ANSWER_BYTES))?.toString()
    if (text === undefined) return fail('upstream_body', `answered more than ${MAX_ANSWER_BYTES} bytes`, { status })
    const body = text === '' || nestsDeeperThan(MAX_ANSWER_DEPTH, text) ? undefined : parseData(text)
    const answer = { status, ...(body !== undefined && body !== null && { body }) }
    if (status >= 500 || status < 200 || (status >= 300 && status < 400))
      return fail('upstream_status', `answered ${status}`, answer)
    if (status >= 400) return { answer: { ok: false, ...answer }, size: 0 }
    if (body === undefined && text.trim() !== '') return fail('upstream_body', 'did not answer JSON', answer)
    return { answer: { ok: true, ...answer }, size: text.length + 1 }
  } catch (error) {
    if (signal.aborted) return fail('upstream_timeout', `did not answer within ${timeout} ms`)
    return fail('upstream_unreachable', `could not be reached: ${reasonOf(error)}`)
  }
}

/** A code such as ECONNREFUSED: the messages of `fetch` can quote the URL, and with it what people typed. */
function reasonOf(error: unknown): string {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown }
  return String(code ?? name ?? 'no reason was given')
}

/** The parameters in the path of the URL. */
export const pathParametersOf = (url: string): string[] => [...url.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)

function requestOf(
  { config }: Api,
  { with: parameters, headers, idempotencyKey }: ApiRequest,
  clock: Clock,
): { url: string; init: RequestInit } | { mistake: string } {
  const inPath = pathParametersOf(config.url)
  const missing = inPath.find((name) => !isPathPart(parameters[name]))
  if (missing !== undefined) return { mistake: `there is no value for {${missing}} in its URL` }
  const url = URL.parse(
    config.url.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(written(parameters[name]))),
  )
  if (!url) return { mistake: 'its URL is none with these values' }
  const rest = Object.entries(parameters).filter(([name]) => !inPath.includes(name))
  const odd = Object.entries(headers).find(([, value]) => !isHeaderValue(value))
  if (odd) return { mistake: `its header ${odd[0]} has characters that no header can have` }
  const sent = new Headers(headers)
  if (idempotencyKey !== undefined && !sent.has('idempotency-key')) sent.set('idempotency-key', idempotencyKey)
  const init = { method: config.method, headers: sent }
  if (config.method === 'GET' || config.method === 'DELETE') {
    for (const [name, value] of rest) for (const item of [value].flat()) url.searchParams.append(name, written(item))
    return { url: url.href, init }
  }
  if (!sent.has('content-type')) sent.set('content-type', 'application/json')
  const body = JSON.stringify(Object.fromEntries(rest))
  const { secret } = config
  if (secret !== undefined) sent.set(SIGNATURE_HEADER, signatureOf(body, secret, Math.floor(clock() / 1000)))
  return { url: url.href, init: { ...init, body } }
}

export const SIGNATURE_HEADER = 'x-screentrail-signature'

/** `t=<seconds since the epoch>,v1=<hex HMAC-SHA-256 over "t.body">`: whoever has the secret can tell old requests and changed ones. */
const signatureOf = (body: string, secret: string, seconds: number): string =>
  `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`

/** Bytes without control characters (RFC 9110, 5.5). */
const isHeaderValue = (value: string): boolean => /^[\t\x20-\x7e\x80-\xff]*$/.test(value)

/** A path with `..` in it leads somewhere else. */
const isPathPart = (value: Json | undefined): boolean =>
  (typeof value === 'string' || typeof value === 'number') && !/^\.{0,2}$/.test(String(value))

const written = (value: Json | undefined): string => (typeof value === 'string' ? value : JSON.stringify(value))
