import { existsSync } from 'node:fs'
import { withLearned } from '../config/learned-flows.ts'
import { formatMistake, loadConfig } from '../config/load.ts'
import type { Loaded } from '../config/load-result.ts'
import { createLog } from '../lib/log.ts'
import { sqliteFileOf } from '../lib/sqlite-uri.ts'
import { openQueryStore, openStore } from '../store/open.ts'
import type { QueryStore, Store } from '../store/store.ts'

/** Whether to create a missing store. */
type WhenMissing = 'reject' | 'make'

export async function openStoreOf(
  configFile: string,
  whenMissing: WhenMissing = 'reject',
): Promise<Loaded & { readonly store: Store }> {
  const loaded = await loadedOf(configFile, whenMissing)
  return opened(loaded, await openStore(loaded.config.store.uri, createLog('warn')))
}

/** With its rollups. */
export async function openQueryStoreOf(configFile: string): Promise<Loaded & { readonly store: QueryStore }> {
  const loaded = await loadedOf(configFile, 'reject')
  return opened(loaded, await openQueryStore(loaded.config.store.uri, createLog('warn')))
}

async function opened<Opened extends Store>(
  loaded: Loaded,
  store: Opened,
): Promise<Loaded & { readonly store: Opened }> {
  try {
    return { ...(await withLearned(loaded, store)), store }
  } catch (error) {
    await store.close()
    throw error
  }
}

export async function loadedOf(configFile: string, whenMissing: WhenMissing = 'reject'): Promise<Loaded> {
  const loaded = await loadConfig(configFile, process.env)
  if (!loaded.ok) throw new Error(`the config has mistakes\n${loaded.mistakes.map(formatMistake).join('\n')}`)
  const file = sqliteFileOf(loaded.config.store.uri)
  if (whenMissing === 'reject' && file !== undefined && !existsSync(file))
    throw new Error(`${file} is not there yet; \`screentrail serve\` makes it with the first request`)
  return loaded
}
