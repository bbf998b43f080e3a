// The suite that every store must pass. It knows nothing but the interface; what is right is worked out in plain code.

import { auditsContract } from './audits.ts'
import { documentsContract } from './documents.ts'
import { erasingContract } from './erasing.ts'
import { eventRollupContract } from './event-rollups.ts'
import { hashingContract } from './hashing.ts'
import { incidentsContract } from './incidents.ts'
import { createKit, type OpenStore } from './kit.ts'
import { lifecycleContract } from './lifecycle.ts'
import { queriesContract } from './queries.ts'
import { rebuildingContract } from './rebuilding.ts'
import { recordingContract } from './recording.ts'
import { replacingContract } from './replacing.ts'
import { retentionContract } from './retention.ts'
import { rollupStorageContract } from './rollup-storage.ts'
import { sealedSessionsContract } from './sealed-sessions.ts'
import { segmentsContract } from './segments.ts'
import { sessionRollupContract } from './session-rollups.ts'

export function storeContract(name: string, open: OpenStore): void {
  const kit = createKit(name, open)
  recordingContract(kit)
  queriesContract(kit)
  rebuildingContract(kit)
  sessionRollupContract(kit)
  retentionContract(kit)
  erasingContract(kit)
  rollupStorageContract(kit)
  segmentsContract(kit)
  eventRollupContract(kit)
  replacingContract(kit)
  hashingContract(kit)
  incidentsContract(kit)
  documentsContract(kit)
  sealedSessionsContract(kit)
  auditsContract(kit)
  lifecycleContract(kit)
}
