import type { Json } from '../lib/json.ts'
import type { Path } from './document.ts'
import type { Config } from './schema.ts'
import { isSecret } from './secrets.ts'

/** The config as it may be logged and shown: every secret replaced. */
export const redact = (config: Config): Json => hide(config, [])

export const HIDDEN = '‹hidden›'

function hide(value: unknown, path: Path): Json {
  if (Array.isArray(value)) return value.map((item, index) => hide(item, [...path, index]))
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, item]) => (item === undefined ? [] : [[key, hide(item, [...path, key])]])),
    )
  if (isSecret(path)) return HIDDEN
  return typeof value === 'string' ? hideCredentials(value) : (value as Json)
}

/** Hides who asks in an address: `//user:password@`, where there may be anything, and the query, where keys of APIs are passed. */
const hideCredentials = (text: string): string =>
  /^[a-z][a-z0-9+.-]*:\/\//i.test(text)
    ? text.replace(/:\/\/.*@/s, `://${HIDDEN}@`).replace(/[?#].*/s, `?${HIDDEN}`)
    : text
