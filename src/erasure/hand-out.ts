// Everything that there is of a person, as a server hands it out.

import type { LogLines } from '../lib/rate-limited-log.ts'
import { streamOf } from '../lib/stream-of.ts'
import { describePreview } from './describe.ts'
import type { ErasureParts } from './erasure.ts'
import { type ExportDeps, exportPerson } from './export-person.ts'
import type { Person } from './person.ts'
import type { Previewed } from './preview.ts'

type HandOutDeps = Required<Pick<ExportDeps, 'waitingOf' | 'lostAfterMs'>> & {
  readonly erasure: Pick<ErasureParts, 'search'>
  readonly log: LogLines
}

/** Goes into the audit log first. */
export async function handOut(
  person: Person,
  { found, preview }: Previewed & { ok: true },
  { at, who }: { readonly at: number; readonly who: string },
  { erasure: { search }, log, ...deps }: HandOutDeps,
): Promise<ReadableStream<Uint8Array>> {
  const detail = `${person.id}: ${describePreview(preview).join(' ')}`
  await search.store.audit({ at, who, what: 'person_exported', detail })
  return streamOf(exportPerson(person, found, at, { ...search, ...deps, afterPage: async () => {} }), {
    onError: (error) => log.error({ err: error }, 'the export of a person broke off'),
  })
}
