// The servers that answer for a flow in place of its config.

import type { AnswersView } from '../../views/pages/answers.tsx'
import type { Config } from '../config/schema.ts'
import type { PageDeps } from './request.ts'

export function serversOf(
  { config, isSpared }: Pick<PageDeps, 'config' | 'isSpared'>,
  flow: string,
): AnswersView['servers'] {
  return addressesOf(config, flow).map(({ url, ...each }) => ({
    ...each,
    // The rest of the address may have secrets.
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
