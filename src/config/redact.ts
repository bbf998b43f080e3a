import type { Json } from '../lib/json.ts'
import type { YamlPath } from './document.ts'
import type { Config } from './schema.ts'
import { isSecret } from './secrets.ts'

/**
 * The config as it may be logged and shown: every secret replaced. `filled`: what was filled in, which may be secret wherever it
 * is, and the reference that is shown in its place.
 */
export const redact = (config: Config, filled: ReadonlyMap<string, string> = new Map()): Json =>
  hide(config, [], filled)

export const HIDDEN = '‹hidden›'

function hide(value: unknown, path: YamlPath, filled: ReadonlyMap<string, string>): Json {
  if (Array.isArray(value)) return value.map((item, index) => hide(item, [...path, index], filled))
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, item]) =>
        item === undefined ? [] : [[key, hide(item, [...path, key], filled)]],
      ),
    )
  if (isSecret(path)) return HIDDEN
  return typeof value === 'string' ? hideCredentials(asWritten(value, filled)) : (value as Json)
}

/** A short text is found in others by chance. */
const LONG = 6

const asWritten = (text: string, filled: ReadonlyMap<string, string>): string =>
  filled.get(text) ??
  [...filled]
    .filter(([value]) => value.length >= LONG)
    .reduce((shown, [value, reference]) => shown.replaceAll(value, () => reference), text)

/** Hides who asks in an address: `//user:password@`, where there may be anything, and the query, where keys of APIs are passed. */
const hideCredentials = (text: string): string =>
  /^[a-z][a-z0-9+.-]*:\/\//i.test(text)
    ? text.replace(/:\/\/.*@/s, `://${HIDDEN}@`).replace(/[?#].*/s, `?${HIDDEN}`)
    : text
