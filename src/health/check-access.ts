// Whether this user can write to the data, whether others on this machine can access it, and whether the key of the pseudonyms is kept apart from it.

import { existsSync, realpathSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, dirname, relative, resolve } from 'node:path'
import { databaseFilesOf } from '../config/database-files.ts'
import type { Loaded } from '../config/load-result.ts'
import type { Config } from '../config/schema.ts'
import { findUnwritable } from '../config/write-access.ts'
import { type Check, NO_START, ok, problem, warning } from './check.ts'

export async function checkAccess({ file: given, config }: Loaded): Promise<readonly Check[]> {
  const file = resolve(given)
  const databases = databaseFilesOf(config)
  const unwritable = await findUnwritable(databases)
  if (unwritable) return [problem('access', unwritable, NO_START)]
  const folders = [...new Set(databases.map((path) => dirname(path)))].filter(existsSync)
  const open = [
    ...folders.filter(isOpen).map((folder) => openToOthers(folder, `chmod 700 ${folder}`)),
    ...databases.flatMap((database) => {
      const files = ['', '-wal', '-shm'].map((part) => `${database}${part}`).filter(isOpen)
      return files.length === 0 ? [] : [openToOthers(files[0] as string, `chmod 600 ${files.join(' ')}`)]
    }),
    ...(isOpen(file) && holdsSecrets(await readFile(file, 'utf8'), config)
      ? [openToOthers(file, `chmod 600 ${file}`, ', and a secret stands in it')]
      : []),
    ...keyBesideData(config.privacy.key, folders),
  ]
  if (open.length > 0) return open
  return [
    ok('access', folders.length > 0 ? `only their owner can get at ${folders.join(' and ')}` : 'there is no data yet'),
  ]
}

const openToOthers = (path: string, fix: string, more = ''): Check =>
  warning('access', `others can get at ${path} (${modeOf(path)})${more}`, fix)

/** Whether the group or others have any permission. */
const isOpen = (path: string): boolean => ((modeBits(path) ?? 0) & 0o077) !== 0

const modeOf = (path: string): string => `mode ${(modeBits(path) ?? 0).toString(8)}`

function modeBits(path: string): number | undefined {
  const stats = statSync(path, { throwIfNoEntry: false })
  return stats && stats.mode & 0o777
}

/** Whether the config itself contains a secret. */
function holdsSecrets(text: string, { server, api, meta, store }: Config): boolean {
  const passwordAt = /^[a-z+]+:\/\/[^/]*:[^/]*@/.test(store.uri) ? [store.uri] : []
  const passphrases = meta.keys.flatMap(({ passphrase }) => passphrase ?? [])
  const secrets = [server.metrics_token ?? '', ...api.tokens, ...meta.app_secrets, ...passphrases, ...passwordAt]
  return secrets.some((secret) => secret !== '' && text.includes(secret))
}

/** A copy of the data, such as a backup, would include the key and make pseudonyms useless. */
function keyBesideData(key: string, folders: readonly string[]): readonly Check[] {
  const folder = folders.find((data) => existsSync(key) && isWithin(realpathSync(key), realpathSync(data)))
  if (folder === undefined) return []
  const found = `the key of the pseudonyms, ${key}, lies in the folder of the data: a copy of the data has it, too`
  const other = `${dirname(folder)}/keys`
  const fix = `mkdir -p -m 700 ${other} && mv ${key} ${other}/, then say so under privacy.key: keys/${basename(key)}`
  return [warning('access', found, fix)]
}

const isWithin = (path: string, folder: string): boolean => !/^\.\.(?:\/|$)/.test(relative(folder, path))
