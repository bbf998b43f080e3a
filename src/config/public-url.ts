import type { Config } from './schema.ts'

type Server = Pick<Config['server'], 'public_url'>

/** The address from outside, without a slash at its end; localhost by default. */
export const publicBase = ({ public_url }: Server, port: number): string =>
  (public_url ?? `http://localhost:${port}`).replace(/\/+$/, '')

/** The address of a flow, to enter at Meta. */
export const endpointOf = (server: Pick<Config['server'], 'public_url' | 'port'>, flow: string): string =>
  `${publicBase(server, server.port)}/flows/${flow}`

/** Its path, such as `/wa`; empty without one. */
export const basePathOf = ({ public_url }: Server): string =>
  public_url === undefined ? '' : new URL(public_url).pathname.replace(/\/{2,}/g, '/').replace(/\/$/, '')
