import type { Flow } from '../flow/definition.ts'
import type { Config } from './schema.ts'

/** A mistake in the file, at a place an editor can jump to. Lines and columns count from 1. */
export type Mistake = {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly message: string
}

/** A config file that can be served from. File names in `config` are absolute. */
export type Loaded = {
  readonly file: string
  readonly config: Config
  readonly flows: ReadonlyMap<string, Flow>
  /** What was filled in from elsewhere, and what stands for it in the file: `${NAME}`. Such a text may be shown to no one. */
  readonly filled: ReadonlyMap<string, string>
  /** Odd but workable: screens nothing leads to, sources nothing uses. */
  readonly warnings: readonly Mistake[]
}

export type LoadResult =
  | ({ readonly ok: true } & Loaded)
  | { readonly ok: false; readonly file: string; readonly mistakes: readonly Mistake[] }
