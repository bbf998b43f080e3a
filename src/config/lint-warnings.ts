import { type Flow, isLedElsewhere, screensSent } from '../flow/definition.ts'
import { MAX_FIELDS } from '../flow/remembered-input.ts'
import { MOST_COMPONENTS } from '../flow-json/component-types.ts'
import { followUps } from '../flow-json/follow-ups.ts'
import { showDuration } from '../lib/units.ts'
import type { SchemaFinding } from './explain-issues.ts'
import type { Config } from './schema.ts'

type Ages = Pick<Config, 'session' | 'privacy'>

/** Unreachable screens, unused APIs, fields with names of a client's error notification, and values that are hashed too early. */
export function lintWarnings(flows: ReadonlyMap<string, Flow>, ages: Ages): SchemaFinding[] {
  if (flows.size === 0) return [odd(['flows'], 'there is no flow to serve')]
  const early = hashedEarly(['privacy'], ages.privacy.hash_after, ages)
  return [...early, ...[...flows.values()].flatMap((flow) => warningsOf(flow, ages))]
}

function warningsOf(flow: Flow, ages: Ages): SchemaFinding[] {
  const ledTo = screensLedTo(flow)
  const used = apisUsed(flow)
  return [
    [...flow.screens.values()].flatMap(({ id, fields }) =>
      fields.flatMap(({ name, config }) =>
        hashedEarly(['flows', flow.key, 'screens', id, 'fields', name], config.hash_after, ages),
      ),
    ),
    [...flow.screens.keys()]
      .filter((id) => !isLedElsewhere(flow) && !ledTo.has(id))
      .map((id) => odd(['flows', flow.key, 'screens', id], `no \`next\` leads to screen ${id}`)),
    [...flow.apis.keys()]
      .filter((name) => !used.has(name))
      .map((name) => odd(['flows', flow.key, 'apis', name], `nothing calls the API ${name}`)),
    tooMany(flow),
    [...flow.screens.values()].flatMap(({ id, fieldNames }) =>
      NOTIFICATION.filter((name) => fieldNames.has(name)).map((name) =>
        odd(['flows', flow.key, 'screens', id, 'fields', name], confusing(id, name)),
      ),
    ),
  ].flat()
}

function tooMany({ key, screens, fields }: Flow): SchemaFinding[] {
  const crowded = [...screens.values()].flatMap(({ id, fieldNames: { size } }) => {
    const message = `screen ${id} has ${size} fields, and no screen of a Flow JSON more than ${MOST_COMPONENTS} components`
    return size > MOST_COMPONENTS ? [odd(['flows', key, 'screens', id, 'fields'], message)] : []
  })
  if (fields.size <= MAX_FIELDS) return crowded
  const message = `the flow has ${fields.size} fields, and expressions see no more than ${MAX_FIELDS} values of a session, the newest`
  return [...crowded, odd(['flows', key, 'screens'], message)]
}

function hashedEarly(path: SchemaFinding['path'], ageMs: number | undefined, { session }: Ages): SchemaFinding[] {
  if (ageMs === undefined || ageMs >= session.gap) return []
  const message =
    `\`hash_after\` is shorter than session.gap (${showDuration(session.gap)}): where a session goes on after that, a restarted ` +
    'server no longer has the value; make it at least as long'
  return [odd([...path, 'hash_after'], message)]
}

/** The parts of an error notification of Meta's client. */
const NOTIFICATION = ['error', 'error_key', 'error_message']

const confusing = (screen: string, name: string): string =>
  `Meta’s client reports its errors under the name ${name}; from screen ${screen} such a report will be taken for what ` +
  'people submit. Give the field another name, here and in the Flow JSON'

/** By us, or by the phone alone. */
const screensLedTo = (flow: Flow) =>
  new Set([
    ...screensSent(flow),
    ...(flow.flowJson ? followUps(flow.flowJson) : []).filter(({ by }) => by === 'phone').map(({ to }) => to),
  ])

const apisUsed = ({ open, screens }: Flow) =>
  new Set(
    [
      open.ask,
      ...[...screens.values()].flatMap(({ ask, on, submission }) => [
        ask,
        ...[submission, ...on].map((each) => each.do),
      ]),
    ]
      .flat()
      .map(({ api }) => api.name),
  )

const odd = (path: SchemaFinding['path'], message: string): SchemaFinding => ({ path, at: 'key', message })
