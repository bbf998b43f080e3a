import type { Json } from '../lib/json.ts'
import type { Loaded } from './load-result.ts'
import type { Config } from './schema.ts'
import { isSecret } from './secrets.ts'
import type { YamlPath } from './yaml-document.ts'

/** The config without secrets. `references`: by the text that replaced them, which may be secret anywhere. */
export const redact = (config: Config, references: Loaded['references'] = new Map()): Json =>
  hide(config, [], references)

export const HIDDEN = '‹hidden›'

function hide(value: unknown, path: YamlPath, references: Loaded['references']): Json {
  if (Array.isArray(value)) return value.map((item, index) => hide(item, [...path, index], references))
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, item]) =>
        item === undefined ? [] : [[key, hide(item, [...path, key], references)]],
      ),
    )
  if (isSecret(path)) return HIDDEN
  return typeof value === 'string' ? hideCredentials(withReferences(value, references)) : (value as Json)
}

/** A shorter text occurs in others by chance. */
const MIN_LENGTH = 6

const withReferences = (text: string, references: Loaded['references']): string =>
  references.get(text) ??
  [...references]
    .filter(([value]) => value.length >= MIN_LENGTH)
    .reduce((shown, [value, reference]) => shown.replaceAll(value, () => reference), text)

/** Hides `user:password@` and the query of an address, which can have an API key. */
const hideCredentials = (text: string): string =>
  /^[a-z][a-z0-9+.-]*:\/\//i.test(text)
    ? text.replace(/:\/\/.*@/s, `://${HIDDEN}@`).replace(/[?#].*/s, `?${HIDDEN}`)
    : text
