// Checks beyond the schema: files, keys, tokens, the store.

import { existsSync, realpathSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { mongoUriMistake } from '../lib/mongo-uri.ts'
import { sqliteFileOf } from '../lib/sqlite-uri.ts'
import { DAY_MS, showDuration } from '../lib/units.ts'
import { importFlowKey } from '../wire/keys.ts'
import type { SchemaFinding } from './explain-issues.ts'
import { whyUnreadable } from './file-reason.ts'
import { keyText } from './flow-key.ts'
import type { Interpolation, InterpolationSources } from './interpolate.ts'
import { bitsOf, WEAK_BITS } from './key-strength.ts'
import type { Config } from './schema.ts'
import type { YamlPath } from './yaml-document.ts'

export type Setting = Pick<InterpolationSources, 'folder'> & Pick<Interpolation, 'referenceAt'>

export function checkSignature({ signature, app_secrets }: Config['meta']): SchemaFinding[] {
  if (signature === 'off' || app_secrets.length > 0) return []
  const fix = 'add the app secret from your Meta app (App settings, Basic), or write `signature: off` to skip the check'
  const message = `\`app_secrets\` is empty, so no request’s signature can be checked; ${fix}`
  return [finding(['meta', 'app_secrets'], message)]
}

export async function checkFlowKeys(
  { keys }: Config['meta'],
  { folder, referenceAt }: Setting,
): Promise<SchemaFinding[]> {
  const found = await Promise.all(
    keys.map(async (key, index): Promise<SchemaFinding[]> => {
      const place = ['meta', 'keys', index]
      const path = [...place, key.file === undefined ? 'pem' : 'file']
      const name = referenceAt(path) ?? key.file ?? '`pem`'
      if (isKeyItself(key.file)) return [finding(path, '`file` holds a key, not the name of a file; call it `pem`')]
      const file = key.file === undefined ? undefined : resolve(folder, key.file)
      const read = await readKey(keyText({ ...key, file }), MAKE_FLOW_KEY)
      if ('reason' in read) return [finding(path, `cannot read ${name}: ${read.reason}`)]
      try {
        await importFlowKey(read.text, key.passphrase)
        return []
      } catch (error) {
        return [finding(place, `cannot use ${name}: ${(error as Error).message}`)]
      }
    }),
  )
  return found.flat()
}

export async function checkPseudonymKey(
  { key }: Config['privacy'],
  { folder, referenceAt }: Setting,
): Promise<SchemaFinding[]> {
  const path = ['privacy', 'key']
  const file = referenceAt(path) ?? (isKeyItself(key) ? undefined : key)
  if (file === undefined) return [finding(path, `\`key\` holds a key, not the name of a file; ${MAKE_PSEUDONYM_KEY}`)]
  const name = `the key of the pseudonyms, ${file}`
  const read = await readKey(readFile(resolve(folder, key), 'utf8'), MAKE_PSEUDONYM_KEY)
  if ('reason' in read) return [finding(path, `cannot read ${name}: ${read.reason}`)]
  const text = read.text.trim()
  if (text.length < 16) return [finding(path, `${name}, is shorter than 16 characters; ${MAKE_PSEUDONYM_KEY}`)]
  if (bitsOf(text) >= WEAK_BITS) return []
  const weakness = 'repeats itself, counts up or is made of words, so that pseudonyms could be turned back by trying'
  return [finding(path, `${name}, ${weakness}; ${MAKE_PSEUDONYM_KEY}`)]
}

/** Sessions end, and are counted, before anything of them is removed; and they are not derived again from what is left. */
export function checkRetention(
  { events, sessions, rollups }: Config['retention'],
  { gap, lost_after }: Config['session'],
): SchemaFinding[] {
  const path = (name: string) => ['retention', name]
  const ofRollups = checkRollupAge(sessions, rollups).map((text) => finding(path('rollups'), text))
  if (events === undefined)
    return sessions === undefined ? ofRollups : [finding(path('sessions'), SESSIONS_ALONE), ...ofRollups]
  const least = Math.max(gap + lost_after, LEAST_EVENT_AGE)
  const tooYoung = `\`events\` is ${showDuration(events)}; expected ${showDuration(least)} or more, so that a session has ended, and health is told from single requests of a day, before they are removed`
  const tooFew = `\`sessions\` is shorter than \`events\`, from which they would be derived again; expected ${showDuration(events)} or more`
  return [
    ...(events < least ? [finding(path('events'), tooYoung)] : []),
    ...(sessions !== undefined && sessions < events ? [finding(path('sessions'), tooFew)] : []),
    ...ofRollups,
  ]
}

/** What is listed is counted. */
function checkRollupAge(sessions: number | undefined, rollups: number | undefined): string[] {
  if (rollups === undefined) return []
  if (sessions === undefined) return [ROLLUPS_ALONE]
  if (rollups >= sessions) return []
  return [
    `\`rollups\` is shorter than \`sessions\`, which no number would count then; expected ${showDuration(sessions)} or more`,
  ]
}

/** Choices that sessions remember become pseudonyms together with their events: once these are gone, they never would. */
export function checkHashing(
  hashing: readonly { readonly path: YamlPath; readonly hashAfter: number }[],
  { events }: Config['retention'],
): SchemaFinding[] {
  if (events === undefined) return []
  return hashing
    .filter(({ hashAfter }) => hashAfter > events)
    .map(({ path, hashAfter }) =>
      finding(
        path,
        `\`hash_after\` is ${showDuration(hashAfter)}, and events are removed at ${showDuration(events)} (\`retention.events\`), ` +
          'before anything of them becomes a pseudonym; expected that or less',
      ),
    )
}

const LEAST_EVENT_AGE = 2 * DAY_MS

const SESSIONS_ALONE =
  '`sessions` has no `events` beside it, so that removed sessions would be derived again from their events; give `events` an age, too'

const ROLLUPS_ALONE =
  '`rollups` has no `sessions` beside it, so that lists would have sessions that no number counts; give `sessions` an age, too'

/** These tokens give access to everything, so they must be strong. */
export function checkTokens({ server, api }: Partial<Pick<Config, 'server' | 'api'>>): SchemaFinding[] {
  const tokens = [
    { path: ['server', 'metrics_token'], token: server?.metrics_token },
    ...(api?.tokens ?? []).map((token, index) => ({ path: ['api', 'tokens', index], token })),
  ]
  const message = 'this token repeats itself, counts up or is made of words; `openssl rand -base64 32` makes one'
  return tokens.flatMap(({ path, token }) =>
    token !== undefined && bitsOf(token) < WEAK_BITS ? [finding(path, message)] : [],
  )
}

/** Each would take the other's tables for those of another program. `at`: where the config names one of them. */
export function checkDatabases(
  { store, journal }: Pick<Config, 'store' | 'journal'>,
  folder: string,
  at: YamlPath,
): SchemaFinding[] {
  const file = sqliteFileOf(store.uri)
  if (file === undefined || placeOnDisk(resolve(folder, file)) !== placeOnDisk(resolve(folder, journal.file))) return []
  return [finding(at, SAME_FILE)]
}

/** Of a path that need not exist: without symbolic links. */
const placeOnDisk = (path: string): string =>
  existsSync(path) ? realpathSync(path) : join(placeOnDisk(dirname(path)), basename(path))

const SAME_FILE =
  '`store.uri` and `journal.file` name the same file; give each its own, such as sqlite:data/screentrail.db and data/journal.db'

export async function checkStoreUri({ uri }: Config['store']): Promise<SchemaFinding[]> {
  const mistake = await storeMistake(uri)
  return mistake === undefined ? [] : [finding(['store', 'uri'], `\`uri\` ${mistake}`)]
}

/** The rest of a sentence that the address begins. */
export async function storeMistake(uri: string): Promise<string | undefined> {
  if (sqliteFileOf(uri) !== undefined) return undefined
  if (/^mongodb(\+srv)?:\/\/[^/]/.test(uri)) return mongoUriMistake(uri)
  return 'does not name a store; expected sqlite:PATH, such as sqlite:data/screentrail.db, or mongodb://HOST/DATABASE'
}

const MAKE_FLOW_KEY = '`screentrail keygen` makes one'
const MAKE_PSEUDONYM_KEY = '`screentrail init` makes one, and so does `openssl rand -base64 32`'

/** Whether a key stands in place of its file name; messages must not quote it. */
const isKeyItself = (file = ''): boolean =>
  /-----|\s|^[A-Za-z0-9+/_=-]{32,}$/.test(file.trim()) && !/\.\w{1,12}$/.test(file)

async function readKey(reading: Promise<string>, makes: string): Promise<{ text: string } | { reason: string }> {
  try {
    return { text: await reading }
  } catch (error) {
    return { reason: whyUnreadable(error, makes) }
  }
}

const finding = (path: YamlPath, message: string): SchemaFinding => ({ path, at: 'value', message })
