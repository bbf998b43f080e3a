import { existsSync } from 'node:fs'
import { loadConfig, showMistake } from '../config/load.ts'
import type { Loaded } from '../config/load-result.ts'
import { createLog } from '../lib/log.ts'
import { openStore } from '../store/open.ts'
import type { Store } from '../store/store.ts'

/**
 * For a command that works on what is stored: the config and its store. Where there is no store yet it rejects, or makes one if
 * it is told to.
 */
export async function openStoreOf(
  configFile: string,
  whenMissing: 'reject' | 'make' = 'reject',
): Promise<Loaded & { readonly store: Store }> {
  const loaded = await loadConfig(configFile, process.env)
  if (!loaded.ok) throw new Error(`the config has mistakes\n${loaded.mistakes.map(showMistake).join('\n')}`)
  const { uri } = loaded.config.store
  const [, file] = /^sqlite:(.+)$/.exec(uri) ?? []
  if (whenMissing === 'reject' && file !== undefined && !existsSync(file))
    throw new Error(`${file} is not there yet; \`screentrail serve\` makes it with the first request`)
  return { ...loaded, store: await openStore(uri, createLog('warn')) }
}
