// Whether what a question names is there at all: a slip of the pen must not look like an answer.

import { ALL_SESSIONS, choiceOf } from '../rollup/session-aggregate.ts'
import type { ReportContext } from './context.ts'
import { badParameter, type ReportProblem } from './result.ts'
import { type ChoiceFilter, choicesIn, isChosen, type Slice } from './slices.ts'

type SeenSlice = Pick<Slice, 'groups'> & { readonly paths: readonly { readonly screens: readonly string[] }[] }

/** A flow is known by the config, or by sessions of it from when it was there. */
export async function isKnownFlow({ flows, store, now, lostAfterMs }: ReportContext, flow: string): Promise<boolean> {
  return flows.has(flow) || (await store.sessions({ flow, now, lostAfterMs, limit: 1 })).items.length > 0
}

/** Undefined when each screen is one of the flow in the config, or was seen. */
export function unknownScreen(
  { flows }: ReportContext,
  flow: string,
  seen: readonly SeenSlice[],
  parameter: string,
  screens: readonly string[],
): ReportProblem | undefined {
  const known = new Set([
    ...(flows.get(flow)?.screens ?? []),
    ...seen.flatMap(({ paths }) => paths.flatMap((path) => path.screens)),
  ])
  const unknown = screens.find((screen) => !known.has(screen))
  if (unknown === undefined) return undefined
  return badParameter(`\`${parameter}\` names ${JSON.stringify(unknown)}; expected screens of the flow: ${list(known)}`)
}

/** The same for a field that choices are made in. */
export function unknownChoice(
  { flows }: ReportContext,
  flow: string,
  seen: readonly Pick<SeenSlice, 'groups'>[],
  parameter: string,
  field: string | undefined,
): ReportProblem | undefined {
  const known = new Set([
    ...Object.values(flows.get(flow)?.choices ?? {}).flat(),
    ...seen.flatMap(({ groups }) =>
      Object.keys(groups).flatMap((name) => (name === ALL_SESSIONS ? [] : choiceOf(name).field)),
    ),
  ])
  if (field === undefined || known.has(field)) return undefined
  return badParameter(`\`${parameter}\` names ${JSON.stringify(field)}; expected a choice of the flow: ${list(known)}`)
}

/** A value that may have been chosen, but is not told apart from others: nobody can say how often. */
export function untoldChoice(
  seen: readonly Pick<Slice, 'groups'>[],
  choice: ChoiceFilter | undefined,
): ReportProblem | undefined {
  if (!choice) return undefined
  const made = seen.flatMap(({ groups }) => choicesIn(groups, choice.field))
  if (made.every(({ value }) => value !== undefined) || made.some((each) => isChosen(each, choice))) return undefined
  const named = JSON.stringify(`${choice.field}:${choice.value}`.slice(0, SHOWN))
  return badParameter(
    `\`choice\` names ${named}; expected one of the most frequent values, as the others are not told apart`,
  )
}

/** Characters of a name, and names in a list. */
const SHOWN = 100
const LISTED = 50

function list(known: ReadonlySet<string>): string {
  const names = [...known].sort()
  const more = names.length > LISTED ? ` and ${names.length - LISTED} more` : ''
  return (
    `${names
      .slice(0, LISTED)
      .map((name) => name.slice(0, SHOWN))
      .join(', ')}${more}` || 'there are none'
  )
}
