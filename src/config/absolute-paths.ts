import { resolve } from 'node:path'
import type { Config } from './schema.ts'

/** Resolves the config's file names from `folder`. */
export function withAbsolutePaths(config: Config, folder: string): Config {
  const absolute = (path: string) => resolve(folder, path)
  const archivePlace = (place: string) => (place.startsWith('s3://') ? place : absolute(place))
  const { meta, store, journal, privacy, retention, backup, flows } = config
  return {
    ...config,
    meta: {
      ...meta,
      keys: meta.keys.map((key) => ({ ...key, ...(key.file !== undefined && { file: absolute(key.file) }) })),
    },
    store: { ...store, uri: store.uri.replace(/^sqlite:(.+)$/, (_, path: string) => `sqlite:${absolute(path)}`) },
    journal: { ...journal, file: absolute(journal.file) },
    privacy: { ...privacy, key: absolute(privacy.key) },
    backup: { ...backup, folder: absolute(backup.folder) },
    flows: Object.fromEntries(
      Object.entries(flows).map(([key, flow]) => [
        key,
        { ...flow, ...(flow.flow_json !== undefined && { flow_json: absolute(flow.flow_json) }) },
      ]),
    ),
    retention: { ...retention, ...(retention.archive !== undefined && { archive: archivePlace(retention.archive) }) },
  }
}
