import type { FlowEndpoint } from '../../views/parts/no-sessions.tsx'
import { publicBase } from '../config/public-url.ts'
import type { Config } from '../config/schema.ts'

export function flowEndpoints({ flows, server }: Config): FlowEndpoint[] {
  const base = publicBase(server, server.port)
  return Object.keys(flows).map((flow) => ({ flow, url: `${base}/flows/${flow}` }))
}
