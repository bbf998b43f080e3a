import type { Flow } from '../flow/definition.ts'
import type { SchemaFinding } from './explain-issues.ts'

/** Unreachable screens, unused sources, and fields with names of a client's error notification. */
export function lintWarnings(flows: ReadonlyMap<string, Flow>): SchemaFinding[] {
  if (flows.size === 0) return [odd(['flows'], 'there is no flow to serve')]
  return [...flows.values()].flatMap((flow) => [
    ...[...flow.screens.keys()]
      .filter((id) => !screensLedTo(flow).has(id))
      .map((id) => odd(['flows', flow.key, 'screens', id], `no \`next\` leads to screen ${id}`)),
    ...[...flow.sources.keys()]
      .filter((name) => !sourcesUsed(flow).has(name))
      .map((name) => odd(['flows', flow.key, 'sources', name], `no screen uses source ${name}`)),
    ...[...flow.screens.values()].flatMap(({ id, fieldNames }) =>
      NOTIFICATION.filter((name) => fieldNames.has(name)).map((name) =>
        odd(['flows', flow.key, 'screens', id, 'fields', name], confusing(id, name)),
      ),
    ),
  ])
}

/** The parts of an error notification of Meta's client. */
const NOTIFICATION = ['error', 'error_key', 'error_message']

const confusing = (screen: string, name: string): string =>
  `Meta’s client reports its errors under the name ${name}; from screen ${screen} such a report will be taken for what ` +
  'people submit. Give the field another name, here and in the Flow JSON'

const screensLedTo = (flow: Flow) =>
  new Set([flow.start, ...[...flow.screens.values()].flatMap((screen) => screen.next.map((branch) => branch.to))])

const sourcesUsed = (flow: Flow) =>
  new Set(
    [...flow.screens.values()].flatMap((screen) =>
      screen.data.flatMap((entry) => (entry.kind === 'source' ? [entry.source] : [])),
    ),
  )

const odd = (path: SchemaFinding['path'], message: string): SchemaFinding => ({ path, at: 'key', message })
