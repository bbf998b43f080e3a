import { readFile } from 'node:fs/promises'
import { whyUnreadable } from '../config/file-reason.ts'
import type { Mistake } from '../config/load-result.ts'
import { readDocument } from '../config/yaml-document.ts'
import type { Flow } from '../flow/definition.ts'
import { type Profile, parseProfile } from './profile.ts'

export type LoadedProfile =
  | { readonly ok: true; readonly profile: Profile }
  | { readonly ok: false; readonly mistakes: readonly Mistake[] }

/** Reads a profile's YAML; each mistake in it is named with its place in the file. */
export async function loadProfile(file: string, flow: Flow): Promise<LoadedProfile> {
  const read = await readFile(file, 'utf8').catch((error: unknown) => ({ reason: whyUnreadable(error) }))
  if (typeof read !== 'string')
    return refuse(file, [{ line: 1, column: 1, message: `cannot read the profile: ${read.reason}` }])

  const { document, mistakes } = readDocument(read)
  if (!document || mistakes.length > 0) return refuse(file, mistakes)
  const parsed = parseProfile(document.values(), flow)
  if (parsed.ok) return parsed
  return refuse(
    file,
    parsed.problems.map(({ path, at, message }) => ({
      ...(at === 'key' ? document.placeOfKey(path) : document.placeOf(path)),
      message,
    })),
  )
}

function refuse(file: string, mistakes: readonly Omit<Mistake, 'file'>[]): LoadedProfile {
  return { ok: false, mistakes: mistakes.map((mistake) => ({ file, ...mistake })) }
}
