// Outside APIs that screens take data from. Whatever an API does, the flow goes on.

import { LRUCache } from 'lru-cache'
import type { Stopwatch } from '../lib/clock.ts'
import { canonical, type Json, type JsonObject, nestsDeeperThan, parseJson } from '../lib/json.ts'
import { readBytes } from '../lib/read-bytes.ts'
import type { TrailError } from '../trail/event.ts'
import type { DataSource } from './definition.ts'
import type { Evaluate } from './expression.ts'
import type { FetchSource, SourceAnswer } from './screen-data.ts'

type SourceDeps = {
  readonly fetch: typeof fetch
  readonly evaluate: Evaluate
  readonly stopwatch: Stopwatch
  /** Tells the age of answers: a clock that is set back would keep them young. */
  readonly uptime: Stopwatch
}

/** Of all remembered answers together. */
const CACHE_BYTES = 64 * 1024 * 1024
const MAX_ANSWER_BYTES = 1024 * 1024
const MAX_ANSWER_DEPTH = 64

/** `error`: why the attempt to replace this answer failed. */
type CacheEntry = { readonly value: Json; readonly at: number; readonly size: number; readonly error?: TrailError }
type Fetched = { readonly value: Json; readonly size: number } | { readonly failure: TrailError }

/**
 * Caches answers. An answer younger than `cache` is served without a request; up to `stale` older, it is served while a new one is
 * fetched, and if that fails. Callers who want the same answer at the same time share one request.
 */
export function createSources({ fetch, evaluate, stopwatch, uptime }: SourceDeps): FetchSource {
  const entries = new LRUCache<string, CacheEntry>({
    maxSize: CACHE_BYTES,
    sizeCalculation: (entry, key) => entry.size + key.length,
  })
  const underWay = new Map<string, Promise<Fetched>>()

  const load = async (key: string, source: DataSource, parameters: JsonObject): Promise<Fetched> => {
    const fetched = await fetchJson(source, parameters, { fetch, evaluate })
    const entry = entries.get(key)
    if ('failure' in fetched) {
      if (entry) entries.set(key, { ...entry, error: fetched.failure })
    } else if (source.config.cache > 0 || source.config.stale > 0) entries.set(key, { ...fetched, at: uptime() })
    return fetched
  }
  const refresh = (key: string, source: DataSource, parameters: JsonObject): Promise<Fetched> =>
    underWay.getOrInsertComputed(key, () => load(key, source, parameters).finally(() => underWay.delete(key)))

  return async (source, parameters): Promise<SourceAnswer> => {
    const key = keyOf(source, parameters)
    const { cache, stale } = source.config
    const entry = entries.get(key)
    const age = entry ? uptime() - entry.at : Number.POSITIVE_INFINITY
    if (entry && age < cache) return { value: entry.value, waitedMs: 0 }
    if (entry && age < cache + stale) {
      void refresh(key, source, parameters)
      return { value: entry.value, waitedMs: 0, ...(entry.error && { error: entry.error }) }
    }
    const started = stopwatch()
    const fetched = await refresh(key, source, parameters)
    const waitedMs = stopwatch() - started
    if ('value' in fetched) return { value: fetched.value, waitedMs }
    return { value: source.config.fallback, waitedMs, error: fetched.failure }
  }
}

/** Sources of several flows can share a name and an address and still differ. */
const keyOf = ({ name, config }: DataSource, parameters: JsonObject): string =>
  `${name}\n${canonical({ config: config as unknown as JsonObject, parameters })}`

async function fetchJson(
  source: DataSource,
  parameters: JsonObject,
  { fetch, evaluate }: Pick<SourceDeps, 'fetch' | 'evaluate'>,
): Promise<Fetched> {
  const fail = (code: string, message: string) => ({ failure: { code, field: source.name, message } })
  const { timeout } = source.config
  const signal = AbortSignal.timeout(timeout)
  try {
    const { url, init } = requestOf(source, parameters)
    const response = await fetch(url, { ...init, signal, redirect: 'error' })
    if (!response.ok) {
      await response.body?.cancel()
      return fail('upstream_status', `${source.name} answered ${response.status}`)
    }
    const text = (await readBytes(response.body, MAX_ANSWER_BYTES))?.toString()
    if (text === undefined) return fail('upstream_body', `${source.name} answered more than ${MAX_ANSWER_BYTES} bytes`)
    const json = nestsDeeperThan(MAX_ANSWER_DEPTH, text) ? undefined : parseJson(text)
    if (json === undefined) return fail('upstream_body', `${source.name} did not answer JSON`)
    const size = text.length + 1
    if (!source.map) return { value: json, size }
    const mapped = await evaluate(source.map, json as unknown as JsonObject)
    if (!mapped.ok) return fail('upstream_map', mapped.message)
    const value = Array.isArray(source.config.fallback) ? listOf(mapped.value) : mapped.value
    if (value === undefined)
      return fail('upstream_map', `${source.map.text} finds nothing in the answer of ${source.name}`)
    return { value, size }
  } catch (error) {
    if (signal.aborted) return fail('upstream_timeout', `${source.name} did not answer within ${timeout} ms`)
    return fail('upstream_unreachable', `${source.name} could not be reached: ${reasonOf(error)}`)
  }
}

/** JSONata turns a list of one into that one, and an empty list into nothing; a screen that declares a list needs a list. */
const listOf = (value: Json | undefined): Json => (value === undefined ? [] : [value].flat())

/** A code such as ECONNREFUSED: the messages of `fetch` can quote the URL, and with it what people typed. */
function reasonOf(error: unknown): string {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown }
  return String(code ?? name ?? 'no reason was given')
}

/** GET sends the parameters in the query, POST as a JSON object. */
function requestOf({ config }: DataSource, parameters: JsonObject): { url: string; init: RequestInit } {
  if (config.method === 'POST') {
    const headers = new Headers(config.headers)
    if (!headers.has('content-type')) headers.set('content-type', 'application/json')
    return { url: config.url, init: { method: 'POST', headers, body: JSON.stringify(parameters) } }
  }
  const url = new URL(config.url)
  for (const [name, value] of Object.entries(parameters))
    url.searchParams.set(name, typeof value === 'string' ? value : JSON.stringify(value))
  return { url: url.href, init: { headers: config.headers } }
}
