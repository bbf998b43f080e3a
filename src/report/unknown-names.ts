// Checks that the names in a question exist: a misspelt name must not look like an answer.

import { ALL_SESSIONS, choiceOf } from '../rollup/session-aggregate.ts'
import type { ReportContext } from './context.ts'
import { badParameter, notFound, type ReportProblem } from './result.ts'
import { type ChoiceFilter, choicesIn, isChosen, type PathSlice } from './slices.ts'

/** The config has the flow, or sessions of it are stored. */
export async function isKnownFlow({ flows, store, now, lostAfterMs }: ReportContext, flow: string): Promise<boolean> {
  return flows.has(flow) || (await store.sessions({ flow, now, lostAfterMs, limit: 1 })).items.length > 0
}

export const unknownFlow = ({ flows }: ReportContext, flow: string): ReportProblem =>
  notFound(`There is no flow ${JSON.stringify(flow.slice(0, 60))}; the flows are ${[...flows.keys()].join(', ')}`)

/**
 * Undefined if each of these screens is in the config, or some session visited it in the period, or was last seen on it at any time: a
 * question must not fail on the days on which nobody came there.
 */
export async function unknownScreen(
  { flows, store }: ReportContext,
  flow: string,
  slices: readonly PathSlice[],
  parameter: string,
  screens: readonly (string | undefined)[],
): Promise<ReportProblem | undefined> {
  const known = new Set([
    ...(flows.get(flow)?.screens ?? []),
    ...slices.flatMap(({ paths }) => paths.flatMap((path) => path.screens)),
  ])
  const unseen = screens.flatMap((screen) => (screen === undefined || known.has(screen) ? [] : screen))
  if (unseen.length === 0) return undefined
  const exits = await store.exits()
  const unknown = unseen.find((screen) => !exits.includes(screen))
  if (unknown === undefined) return undefined
  return badParameter(`\`${parameter}\` names ${JSON.stringify(unknown)}; expected screens of the flow: ${list(known)}`)
}

/** The same for a choice: its field, then its value. */
export const choiceProblem = (
  context: ReportContext,
  flow: string,
  slices: readonly PathSlice[],
  choice: ChoiceFilter | undefined,
): ReportProblem | undefined =>
  unknownField(context, flow, slices, 'choice', choice?.field) ?? uncountedValue(slices, choice)

/** The same for a field that people make choices in. */
export function unknownField(
  { flows }: ReportContext,
  flow: string,
  slices: readonly PathSlice[],
  parameter: string,
  field: string | undefined,
): ReportProblem | undefined {
  const known = new Set([
    ...Object.values(flows.get(flow)?.choices ?? {}).flat(),
    ...slices.flatMap(({ groups }) =>
      Object.keys(groups).flatMap((name) => (name === ALL_SESSIONS ? [] : choiceOf(name).field)),
    ),
  ])
  if (field === undefined || known.has(field)) return undefined
  return badParameter(`\`${parameter}\` names ${JSON.stringify(field)}; expected a choice of the flow: ${list(known)}`)
}

/** All rare values of a field share one count. */
function uncountedValue(slices: readonly PathSlice[], choice: ChoiceFilter | undefined): ReportProblem | undefined {
  if (!choice) return undefined
  const made = slices.flatMap(({ groups }) => choicesIn(groups, choice.field))
  if (made.every(({ value }) => value !== undefined) || made.some((each) => isChosen(each, choice))) return undefined
  const named = JSON.stringify(`${choice.field}:${choice.value}`.slice(0, LONGEST_SHOWN))
  return badParameter(
    `\`choice\` names ${named}; expected one of the most frequent values, as the others are not told apart`,
  )
}

/** Characters of a name. */
const LONGEST_SHOWN = 100
/** Names in a list. */
const MOST_LISTED = 50

function list(known: ReadonlySet<string>): string {
  if (known.size === 0) return 'there are none'
  const listed = [...known].sort().slice(0, MOST_LISTED)
  const more = known.size > MOST_LISTED ? ` and ${known.size - MOST_LISTED} more` : ''
  return listed.map((name) => name.slice(0, LONGEST_SHOWN)).join(', ') + more
}
