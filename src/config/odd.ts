import type { Flow } from '../flow/definition.ts'
import type { Finding } from './explain.ts'

/** What works but was probably not meant: screens nothing leads to, sources nothing uses. */
export function findOdd(flows: ReadonlyMap<string, Flow>): Finding[] {
  if (flows.size === 0) return [odd(['flows'], 'there is no flow to serve')]
  return [...flows.values()].flatMap((flow) => [
    ...[...flow.screens.keys()]
      .filter((id) => !screensLedTo(flow).has(id))
      .map((id) => odd(['flows', flow.key, 'screens', id], `no \`next\` leads to screen ${id}`)),
    ...[...flow.sources.keys()]
      .filter((name) => !sourcesUsed(flow).has(name))
      .map((name) => odd(['flows', flow.key, 'sources', name], `no screen uses source ${name}`)),
  ])
}

const screensLedTo = (flow: Flow) =>
  new Set([flow.start, ...[...flow.screens.values()].flatMap((screen) => screen.next.map((branch) => branch.to))])

const sourcesUsed = (flow: Flow) =>
  new Set(
    [...flow.screens.values()].flatMap((screen) =>
      screen.data.flatMap((entry) => (entry.kind === 'source' ? [entry.source] : [])),
    ),
  )

const odd = (path: Finding['path'], message: string): Finding => ({ path, at: 'key', message })
