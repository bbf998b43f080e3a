// The suite that every store must pass. It knows nothing but the interface; what is right is worked out in plain code.

import { askingContract } from './contract/asking.ts'
import { documentsContract } from './contract/documents.ts'
import { incidentsContract } from './contract/incidents.ts'
import { createKit, type OpenStore } from './contract/kit.ts'
import { lifeContract } from './contract/life.ts'
import { rebuildingContract } from './contract/rebuilding.ts'
import { recordingContract } from './contract/recording.ts'
import { rollingContract } from './contract/rolling.ts'
import { segmentsContract } from './contract/segments.ts'
import { trafficContract } from './contract/traffic.ts'

export function storeContract(name: string, open: OpenStore): void {
  const kit = createKit(name, open)
  recordingContract(kit)
  askingContract(kit)
  rebuildingContract(kit)
  rollingContract(kit)
  segmentsContract(kit)
  trafficContract(kit)
  incidentsContract(kit)
  documentsContract(kit)
  lifeContract(kit)
}
