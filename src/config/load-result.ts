import type { Flow } from '../flow/definition.ts'
import type { Config } from './schema.ts'
import type { Located } from './yaml-document.ts'

export type Mistake = Located & { readonly file: string }

/** File names in `config` are absolute. */
export type Loaded = {
  readonly file: string
  readonly config: Config
  readonly flows: ReadonlyMap<string, Flow>
  /** References such as `${NAME}` by the text that replaced them, which may be secret. */
  readonly references: ReadonlyMap<string, string>
  /** What these references name: files, and environment variables by their names. */
  readonly takenFrom: { readonly files: readonly string[]; readonly variables: readonly string[] }
  readonly warnings: readonly Mistake[]
}

export type LoadResult =
  | ({ readonly ok: true } & Loaded)
  | { readonly ok: false; readonly mistakes: readonly Mistake[] }
