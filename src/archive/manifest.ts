// What is in a file of the archive, in a file of its own beside it: so both can be written whole, and moved together.

import { z } from 'zod'
import packageJson from '../../package.json' with { type: 'json' }
import { parseJson } from '../lib/json.ts'
import { instant } from '../lib/shapes.ts'

/** The layout of the lines: `event-line.ts`. */
export const LAYOUT = 1

export type ArchivedFile = Readonly<Omit<z.output<typeof shape>, 'layout' | 'product'>>

export const isManifest = (name: string): boolean => /\.[0-9a-f]{64}\.json$/.test(name)

export const manifestNameOf = (name: string): string => name.replace(/\.ndjson\.zst$/, '.json')

export const dataNameOf = (manifest: string): string => manifest.replace(/\.json$/, '.ndjson.zst')

/** What the name of a file with events tells by itself; undefined of any other. */
export function toldByName(name: string): Pick<ArchivedFile, 'name' | 'day' | 'sha256'> | undefined {
  const [, day, sha256] = /(?:^|\/)(\d{4}-\d{2}-\d{2})\.([0-9a-f]{64})\.ndjson\.zst$/.exec(name) ?? []
  return day === undefined || sha256 === undefined ? undefined : { name, day, sha256 }
}

export function manifestOf(file: ArchivedFile): { readonly name: string; readonly text: string } {
  const manifest = { ...file, layout: LAYOUT, product: `screentrail ${packageJson.version}` }
  return { name: manifestNameOf(file.name), text: `${JSON.stringify(shape.encode(manifest), null, 2)}\n` }
}

export type ReadManifest =
  | { readonly ok: true; readonly file: ArchivedFile }
  /** The rest of a sentence that the file's name begins. */
  | { readonly ok: false; readonly mistake: string }

/** `name`: that of the file it describes, which is beside it wherever both were moved. */
export function readManifest(text: string, name: string): ReadManifest {
  const read = parseJson(text)
  const found = shape.safeParse(read)
  const layout = headShape.safeParse(read).data?.layout
  if (layout !== undefined && layout > LAYOUT)
    return { ok: false, mistake: `has layout ${layout}, and this version reads up to ${LAYOUT}; update Screentrail` }
  if (!found.success) return { ok: false, mistake: 'is damaged: it does not describe a file of an archive' }
  const { layout: _, product: __, ...file } = found.data
  return { ok: true, file: { ...file, name } }
}

const headShape = z.object({ layout: z.int() })

const shape = z.object({
  layout: z.int().min(1),
  /** What wrote it. */
  product: z.string(),
  /** With `/` between folders. */
  name: z.string(),
  flow: z.string(),
  /** UTC, as `2026-11-22`. */
  day: z.iso.date(),
  events: z.int().min(1),
  /** When the first and the last event were received. */
  firstAt: instant,
  lastAt: instant,
  /** On disk. */
  bytes: z.int().min(0),
  /** Of its lines, before they were compressed; hexadecimal. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
})
