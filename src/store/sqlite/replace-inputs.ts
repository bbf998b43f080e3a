import type { Database } from 'bun:sqlite'
import type { InputChange, StoreCalls } from '../store.ts'
import type { TrailTables } from './rederive.ts'

export function createReplaceInputs(
  db: Database,
  { trails, events }: Pick<TrailTables, 'trails' | 'events'>,
): StoreCalls<'replaceInputs'>['replaceInputs'] {
  return db.transaction((changes: readonly InputChange[]) =>
    changes.flatMap((change) =>
      trails
        .segmentsOf(change)
        .filter(({ id }) => events.replaceInput(id, change))
        .map(({ key }) => ({ ...key, id: change.id })),
    ),
  ).immediate
}
