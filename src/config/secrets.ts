// Which parts of the config are secret: never in messages, logs or pages.

import type { Loaded } from './load-result.ts'
import type { YamlPath } from './yaml-document.ts'

/** `*` stands for any one key. */
const SECRET = [
  ['server', 'metrics_token'],
  ['api', 'tokens'],
  ['meta', 'app_secrets'],
  ['meta', 'keys', '*', 'pem'],
  ['meta', 'keys', '*', 'passphrase'],
  ['flows', '*', 'apis', '*', 'headers'],
  ['flows', '*', 'forward', 'secret'],
  ['flows', '*', 'forward', 'headers'],
  ['flows', '*', 'screens', '*', 'forward', 'secret'],
  ['flows', '*', 'screens', '*', 'forward', 'headers'],
] as const

/** A secret can be a part of these values, or written there by mistake. */
const DELICATE = [
  ['server', 'public_url'],
  ['meta', 'keys'],
  ['store', 'uri'],
  ['flows', '*', 'apis', '*', 'url'],
  ['flows', '*', 'forward', 'url'],
  ['flows', '*', 'screens', '*', 'forward', 'url'],
  ['flows', '*', 'tap', 'url'],
] as const

export const isSecret = (path: YamlPath): boolean => SECRET.some((place) => isWithin(path, place))

/** Whether messages may only name the type of the value. */
export const isDelicate = (path: YamlPath): boolean =>
  path.length < 2 || isSecret(path) || DELICATE.some((place) => isWithin(path, place))

const isWithin = (path: YamlPath, place: readonly string[]): boolean =>
  path.length >= place.length && place.every((step, index) => step === '*' || step === path[index])

/** Where the app secrets come from: references, or their place in the config. */
export const appSecretPlaces = ({ config, references }: Pick<Loaded, 'config' | 'references'>): readonly string[] => [
  ...new Set(config.meta.app_secrets.map((secret) => references.get(secret) ?? 'meta.app_secrets')),
]
