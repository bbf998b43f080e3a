// Configs of all kinds, each written into the same folder and read there.

import { afterAll, beforeAll } from 'bun:test'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { initFolder } from '../src/cli/init.ts'
import { formatMistake, loadConfig } from '../src/config/load.ts'
import type { LoadResult } from '../src/config/load-result.ts'

export const KEY = `{ file: keys/flow-private.pem, passphrase: "\${file:keys/flow-private.passphrase}" }`
export const META = `meta: { app_secrets: [s], keys: [${KEY}] }\n`
export const FLOWS = 'flows: { a: { start: A, screens: { A: {} } } }\n'

type Environment = { readonly [name: string]: string }

/** A folder as `screentrail init` makes it, for all tests of a file. */
export function configFolder() {
  let path = ''
  beforeAll(async () => {
    path = await mkdtemp(join(tmpdir(), 'screentrail-config-'))
    await initFolder(path)
  })
  afterAll(() => rm(path, { recursive: true }))

  const fileOf = (name: string) => join(path, name)
  const load = async (text: string, env: Environment = {}): Promise<LoadResult> => {
    await writeFile(fileOf('config.yaml'), text)
    return loadConfig(fileOf('config.yaml'), env)
  }
  return {
    fileOf,
    load,
    good: async (text: string, env?: Environment) => loaded(await load(text, env)),
    /** `LINE:COLUMN sentence` */
    async mistakesOf(text: string, env?: Environment): Promise<string[]> {
      const result = await load(text, env)
      if (result.ok) throw new Error(`expected mistakes in\n${text}`)
      return result.mistakes.map((mistake) => formatMistake({ ...mistake, file: '' }).slice(1))
    },
  }
}

/** Throws with what is wrong, if anything is. */
export function loaded(result: LoadResult) {
  if (!result.ok) throw new Error(result.mistakes.map(formatMistake).join('\n'))
  return result
}
