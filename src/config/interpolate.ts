// Replaces `${NAME}` by an environment variable and `${file:path}` by a file's content, in any value of the config. Trims both.

import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Scalar } from 'yaml'
import { decoded } from './decode-text.ts'
import { whyUnreadable } from './file-reason.ts'
import type { ConfigDocument, YamlPath } from './yaml-document.ts'

export type InterpolationSources = {
  readonly env: { readonly [name: string]: string | undefined }
  /** Of the config file; relative paths count from here. */
  readonly folder: string
}

export type Interpolation = Awaited<ReturnType<typeof interpolate>>

/** Changes the document in place. A value with a mistake keeps its text. */
export async function interpolate(document: ConfigDocument, sources: InterpolationSources) {
  const originals = new Map<Scalar, string>()
  const references = new Map<string, string>()
  const files = new Set<string>()
  const variables = new Set<string>()
  const failed = new Map<Scalar, readonly string[]>()
  for (const scalar of document.scalarsUnder([])) {
    if (typeof scalar.value !== 'string' || !scalar.value.includes('${')) continue
    originals.set(scalar, scalar.value)
    const { text, mistakes, replaced } = await interpolateText(scalar.value, sources)
    if (mistakes.length > 0) failed.set(scalar, mistakes)
    else scalar.value = text
    for (const { value, reference, name } of replaced) {
      references.set(value, reference)
      const file = fileOf(name, sources.folder)
      if (file === undefined) variables.add(name)
      else files.add(file)
    }
  }
  return {
    mistakes: [...failed].flatMap(([scalar, messages]) =>
      messages.map((message) => ({ ...document.placeOfScalar(scalar), message })),
    ),
    /** References by the text that replaced them, which may be secret. */
    references: references as ReadonlyMap<string, string>,
    takenFrom: { files: [...files], variables: [...variables] },
    /** The file's own text at this place; undefined if nothing was interpolated there. */
    referenceAt: (path: YamlPath) => {
      const scalar = document.scalarAt(path)
      return scalar && originals.get(scalar)
    },
    /** Whether anything at the path or beneath it was interpolated. */
    isInterpolated: (path: YamlPath) => document.scalarsUnder(path).some((scalar) => originals.has(scalar)),
    /** Whether anything at the path or beneath it could not be interpolated. */
    hasFailed: (path: YamlPath) => document.scalarsUnder(path).some((scalar) => failed.has(scalar)),
  }
}

// The escape `$${` comes first, so that its second half does not start a reference.
const REFERENCE = /\$\$\{|\$\{([^}]*)\}?/g

async function interpolateText(text: string, sources: InterpolationSources) {
  const mistakes: string[] = []
  const replaced: { value: string; reference: string; name: string }[] = []
  const parts: string[] = []
  let end = 0
  for (const match of text.matchAll(REFERENCE)) {
    const [reference, name] = match
    const looked = name === undefined ? { value: '${' } : await lookUp(reference, name, sources)
    if ('mistake' in looked) mistakes.push(looked.mistake)
    else if (name !== undefined) replaced.push({ value: looked.value, reference, name })
    parts.push(text.slice(end, match.index), 'value' in looked ? looked.value : '')
    end = match.index + match[0].length
  }
  return { text: [...parts, text.slice(end)].join(''), mistakes, replaced }
}

type LookedUp = { readonly value: string } | { readonly mistake: string }

async function lookUp(reference: string, name: string, { env, folder }: InterpolationSources): Promise<LookedUp> {
  const file = fileOf(name, folder)
  if (file !== undefined) return readTrimmed(reference, file)
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) || !reference.endsWith('}'))
    return { mistake: `expected \${NAME} or \${file:path}, found ${reference}; write $\${ for a plain \${` }
  const value = env[name]
  return value === undefined ? { mistake: `the environment variable ${name} is not set` } : { value: value.trim() }
}

const fileOf = (name: string, folder: string): string | undefined =>
  name.startsWith('file:') ? resolve(folder, name.slice('file:'.length).trim()) : undefined

async function readTrimmed(reference: string, file: string): Promise<LookedUp> {
  try {
    return { value: decoded(await readFile(file)).trim() }
  } catch (error) {
    return { mistake: `cannot read the file of ${reference}: ${whyUnreadable(error)}` }
  }
}
