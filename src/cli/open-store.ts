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

type WithStore<S extends Store, T> = (opened: Loaded & { readonly store: S }) => Promise<T>

/** Works with the store of the config. */
export async function withStoreOf<T>(
  configFile: string,
  whenMissing: WhenMissing,
  work: WithStore<Store, T>,
): Promise<T> {
  const loaded = await loadedOf(configFile, whenMissing)
  const opened = await openStore(loaded.config.store.uri, createLog('warn'))
  return closing(opened, async (store) => work({ ...(await withLearned(loaded, store)), store }))
}

/** The same with its rollups. */
export async function withQueryStoreOf<T>(configFile: string, work: WithStore<QueryStore, T>): Promise<T> {
  const loaded = await loadedOf(configFile)
  const opened = await openQueryStore(loaded.config.store.uri, createLog('warn'))
  return closing(opened, async (store) => work({ ...(await withLearned(loaded, store)), store }))
}

/** Closes it, whatever comes of the work. */
export async function closing<S extends Store, T>(store: S, work: (store: S) => Promise<T>): Promise<T> {
  try {
    return await work(store)
  } finally {
    await store.close()
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
