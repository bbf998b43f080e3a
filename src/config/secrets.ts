// Which parts of the config are secret. What is secret is never shown: not in messages, not in logs, not on pages.

import type { YamlPath } from './document.ts'
import type { Loaded } from './load-result.ts'

/** Everything in these places is a secret. `*` stands for any one key. */
const SECRET = [
  ['server', 'metrics_token'],
  ['api', 'tokens'],
  ['meta', 'app_secrets'],
  ['meta', 'keys', '*', 'pem'],
  ['meta', 'keys', '*', 'passphrase'],
  ['flows', '*', 'sources', '*', 'headers'],
] as const

/** Places where a secret is a part of the value, or where one may be written by mistake. */
const DELICATE = [
  ['server', 'public_url'],
  ['meta', 'keys'],
  ['store', 'uri'],
  ['flows', '*', 'sources', '*', 'url'],
] as const

export const isSecret = (path: YamlPath): boolean => SECRET.some((place) => isWithin(path, place))

/** Whether a message should rather say what kind of value it found than the value. No whole section is a plain value. */
export const isDelicate = (path: YamlPath): boolean =>
  path.length < 2 || isSecret(path) || DELICATE.some((place) => isWithin(path, place))

const isWithin = (path: YamlPath, place: readonly string[]): boolean =>
  path.length >= place.length && place.every((step, index) => step === '*' || step === path[index])

/** Where the app secrets come from, as it is said in the file: a reference to fill in, or their place. */
export const appSecretPlaces = ({ config, filled }: Pick<Loaded, 'config' | 'filled'>): readonly string[] => [
  ...new Set(config.meta.app_secrets.map((secret) => filled.get(secret) ?? 'meta.app_secrets')),
]
