// `${NAME}` from the environment and `${file:path}` from a file, in any value of the config; without the white space around
// them, which nobody sees who puts them there.

import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Scalar } from 'yaml'
import { decoded } from './decode-text.ts'
import type { ConfigDocument, Located, YamlPath } from './document.ts'
import { fileReason } from './file-reason.ts'

export type InterpolationSources = {
  readonly env: { readonly [name: string]: string | undefined }
  /** The config file's folder; relative paths count from here. */
  readonly folder: string
}

/** What was filled in, and where. The text that took a reference's place may be secret and is shown to no one. */
export type InterpolatedValue = {
  /** The references that could not be filled in. */
  readonly mistakes: readonly Located[]
  /** What the file itself says in this place; undefined where nothing was filled in. */
  written(path: YamlPath): string | undefined
  /** Each text that was filled in, and the reference whose place it took. */
  readonly references: ReadonlyMap<string, string>
  /** Whether anything at the path or beneath it was filled in. */
  isFilled(path: YamlPath): boolean
  /** Whether anything at the path or beneath it could not be filled in. */
  isWanting(path: YamlPath): boolean
}

/** Fills the document in, in place. A value that cannot be filled in keeps its text. */
export async function interpolate(document: ConfigDocument, around: InterpolationSources): Promise<InterpolatedValue> {
  const written = new Map<Scalar, string>()
  const references = new Map<string, string>()
  const failed = new Map<Scalar, readonly string[]>()
  for (const scalar of document.scalarsUnder([])) {
    if (typeof scalar.value !== 'string' || !scalar.value.includes('${')) continue
    written.set(scalar, scalar.value)
    const filled = await fill(scalar.value, around)
    if (filled.mistakes.length > 0) failed.set(scalar, filled.mistakes)
    else scalar.value = filled.text
    for (const [text, reference] of filled.taken) references.set(text, reference)
  }
  return {
    mistakes: [...failed].flatMap(([scalar, messages]) =>
      messages.map((message) => ({ ...document.placeOfScalar(scalar), message })),
    ),
    references,
    written: (path) => {
      const scalar = document.scalarAt(path)
      return scalar && written.get(scalar)
    },
    isFilled: (path) => document.scalarsUnder(path).some((scalar) => written.has(scalar)),
    isWanting: (path) => document.scalarsUnder(path).some((scalar) => failed.has(scalar)),
  }
}

// The escape first, so that the second half of `$${` is not taken for a beginning.
const REFERENCE = /\$\$\{|\$\{([^}]*)\}?/g

type FilledText = {
  readonly text: string
  readonly mistakes: readonly string[]
  readonly taken: readonly (readonly [text: string, reference: string])[]
}

async function fill(text: string, around: InterpolationSources): Promise<FilledText> {
  const mistakes: string[] = []
  const taken: [string, string][] = []
  const parts: string[] = []
  let end = 0
  for (const match of text.matchAll(REFERENCE)) {
    const looked = match[1] === undefined ? { value: '${' } : await lookUp(match[0], match[1], around)
    if ('mistake' in looked) mistakes.push(looked.mistake)
    else if (match[1] !== undefined) taken.push([looked.value, match[0]])
    parts.push(text.slice(end, match.index), 'value' in looked ? looked.value : '')
    end = match.index + match[0].length
  }
  return { text: [...parts, text.slice(end)].join(''), mistakes, taken }
}

type LookedUp = { readonly value: string } | { readonly mistake: string }

async function lookUp(reference: string, name: string, { env, folder }: InterpolationSources): Promise<LookedUp> {
  if (name.startsWith('file:')) return readTrimmed(reference, resolve(folder, name.slice('file:'.length).trim()))
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) || !reference.endsWith('}'))
    return { mistake: `expected \${NAME} or \${file:path}, found ${reference}; write $\${ for a plain \${` }
  const value = env[name]
  return value === undefined ? { mistake: `the environment variable ${name} is not set` } : { value: value.trim() }
}

async function readTrimmed(reference: string, file: string): Promise<LookedUp> {
  try {
    return { value: decoded(await readFile(file)).trim() }
  } catch (error) {
    return { mistake: `cannot read the file of ${reference}: ${fileReason(error)}` }
  }
}
