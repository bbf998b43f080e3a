// The servers that answer for a flow in place of its config.

import type { Config } from '../config/schema.ts'
import type { PageDeps } from './request.ts'

type Server = {
  /** What it answers. */
  readonly of: string
  readonly by: 'tap' | 'forward'
  /** Of its address, which may have secrets besides. */
  readonly host: string
  /** Whether it is left alone right now. */
  readonly isSpared: boolean
}

export function serversOf(
  { config, isSpared }: Pick<PageDeps, 'config' | 'isSpared'>,
  flow: string,
): readonly Server[] {
  return addressesOf(config, flow).map(({ url, ...each }) => ({
    ...each,
    host: URL.parse(url)?.host ?? '',
    isSpared: isSpared(url),
  }))
}

export const hasServers = (config: Config, flow: string): boolean => addressesOf(config, flow).length > 0

function addressesOf({ flows }: Config, flow: string) {
  const { forward, tap, screens = {} } = flows[flow] ?? ({} as Partial<Config['flows'][string]>)
  const ofScreens = Object.entries(screens).flatMap(([id, screen]) =>
    screen.forward ? [{ of: `screen ${id}`, by: 'forward' as const, url: screen.forward.url }] : [],
  )
  return [
    ...(tap ? [{ of: 'the whole flow', by: 'tap' as const, url: tap.url }] : []),
    ...(forward ? [{ of: 'the whole flow', by: 'forward' as const, url: forward.url }] : []),
    ...ofScreens,
  ]
}
