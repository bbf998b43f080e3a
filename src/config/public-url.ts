import type { Config } from './schema.ts'

type Server = Pick<Config['server'], 'public_url'>

/** Where people reach us from outside, without a slash at its end; on this machine where the config does not say. */
export const publicBase = ({ public_url }: Server, port: number): string =>
  (public_url ?? `http://localhost:${port}`).replace(/\/+$/, '')

/** The path of that, such as `/wa`; empty where there is none. */
export const basePathOf = ({ public_url }: Server): string =>
  public_url === undefined ? '' : new URL(public_url).pathname.replace(/\/{2,}/g, '/').replace(/\/$/, '')
