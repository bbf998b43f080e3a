import { publicBase } from '../config/public-url.ts'
import type { Config } from '../config/schema.ts'

/** The endpoint of each flow, as it is entered at Meta. */
export function flowAddresses({ flows, server }: Config): { readonly flow: string; readonly url: string }[] {
  const base = publicBase(server, server.port)
  return Object.keys(flows).map((flow) => ({ flow, url: `${base}/flows/${flow}` }))
}
