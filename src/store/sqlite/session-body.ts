// The fields of a session that no query filters by, as JSON without names: times count from the start of the session, zeros at the
// end of a list are left out.

import type { Json, JsonObject } from '../../lib/json.ts'
import type { Session, Step, StepEnd } from '../../trail/session.ts'
import { type ErrorTuple, fromTuple, toTuple } from './error-tuple.ts'
import { fromHundredths, toHundredths } from './hundredths.ts'
import type { StringDictionary } from './string-dictionary.ts'

export type SessionBody = Pick<Session, 'steps' | 'furthest' | 'choices' | 'counts'>

export function toBody({ steps, furthest, choices, counts, startedAt }: Session, words: StringDictionary): string {
  const { events, repeats, rejects, backs, reopens, clientErrors } = counts
  return JSON.stringify([
    steps.map((step) => toStepTuple(step, startedAt, words)),
    furthest,
    trimmed([events, repeats, rejects, backs, reopens, clientErrors]),
    Object.entries(choices).flatMap(([field, value]) => [words.idOf(field), value]),
  ])
}

export function fromBody(text: string, startedAt: number, words: StringDictionary): SessionBody {
  const [steps, furthest, counts, choices] = JSON.parse(text) as BodyTuple
  const [events = 0, repeats = 0, rejects = 0, backs = 0, reopens = 0, clientErrors = 0] = counts
  return {
    steps: steps.map((step) => fromStepTuple(step, startedAt, words)),
    furthest,
    choices: Array.isArray(choices) ? choicesFrom(choices, words) : choices,
    counts: { events, repeats, rejects, backs, reopens, clientErrors },
  }
}

/** The session as it comes back: durations are kept to a hundredth of a millisecond. */
export function asKept(session: Session): Session {
  const { startedAt } = session
  const steps = session.steps.map((step) => {
    const name = { idOf: () => 0, wordOf: () => step.screen }
    return fromStepTuple(toStepTuple(step, startedAt, name), startedAt, name)
  })
  return { ...session, steps }
}

const choicesFrom = (pairs: readonly Json[], words: Pick<StringDictionary, 'wordOf'>): JsonObject =>
  Object.fromEntries(
    Array.from({ length: pairs.length / 2 }, (_, index) => [
      words.wordOf(pairs[2 * index] as number),
      pairs[2 * index + 1] as Json,
    ]),
  )

/** `choices`: field and value in turns; an object in rows from before layout 5. */
type BodyTuple = readonly [
  steps: Partial<StepTuple>[],
  furthest: number,
  counts: number[],
  choices: JsonObject | Json[],
]

/**
 * `state`: showing and end in one number. `stay`: from shown to left, null while the visit lasts. `away`: the part of the
 * stay that is not dwell, mostly 0. Lists that are empty are 0, so that they can be left out.
 */
type StepTuple = readonly [
  screen: number,
  state: number,
  shown: number,
  stay: number | null,
  away: number,
  processing: number,
  upstream: number,
  requests: number,
  load: number,
  rejects: readonly RejectTuple[] | 0,
  errors: readonly ErrorTuple[] | 0,
]
type RejectTuple = readonly [field: string, rule: string, count: number]

type State = { readonly showing: Step['showing']; readonly end: StepEnd | undefined }

const statesOf = (showings: readonly State['showing'][], ends: readonly State['end'][]): State[] =>
  ends.flatMap((end) => showings.map((showing) => ({ showing, end })))

const FIRST_ENDS = [undefined, 'submitted', 'completed', 'back', 'reopened', 'moved'] as const

/** Stored as the position in this list: add at the end only. */
const STATES: readonly State[] = [
  ...statesOf(['seen', 'inferred'], FIRST_ENDS),
  ...statesOf(['seen', 'inferred'], ['unseen_back']),
  ...statesOf(['returned'], [...FIRST_ENDS, 'unseen_back']),
]

const stateOf = (step: Step): number =>
  STATES.findIndex(({ showing, end }) => showing === step.showing && end === step.end)

function toStepTuple(step: Step, startedAt: number, words: Pick<StringDictionary, 'idOf'>): Partial<StepTuple> {
  const stay = step.leftAt === undefined ? null : step.leftAt - step.shownAt
  const tuple: StepTuple = [
    words.idOf(step.screen),
    stateOf(step),
    step.shownAt - startedAt,
    stay,
    (stay ?? 0) - step.dwellMs,
    toHundredths(step.processingMs),
    toHundredths(step.upstreamMs),
    step.requests,
    toHundredths(step.loadMs ?? 0),
    step.rejects.length === 0 ? 0 : step.rejects.map(({ field, rule, count }) => [field, rule, count]),
    step.errors.length === 0 ? 0 : step.errors.map(toTuple),
  ]
  return trimmed(tuple) as Partial<StepTuple>
}

function fromStepTuple(tuple: Partial<StepTuple>, startedAt: number, words: Pick<StringDictionary, 'wordOf'>): Step {
  const [screen = 0, state = 0, shown = 0, stay = 0, away = 0, processing = 0, upstream = 0, requests = 0] = tuple
  const [, , , , , , , , load = 0, rejects, errors] = tuple
  const shownAt = startedAt + shown
  const { showing, end } = STATES[state] as State
  return {
    screen: words.wordOf(screen),
    showing,
    shownAt,
    ...(stay !== null && { leftAt: shownAt + stay }),
    ...(end && { end }),
    dwellMs: (stay ?? 0) - away,
    processingMs: fromHundredths(processing),
    upstreamMs: fromHundredths(upstream),
    ...(showing === 'seen' && { loadMs: fromHundredths(load) }),
    requests,
    rejects: (rejects || []).map(([field, rule, count]) => ({ field, rule, count })),
    errors: (errors || []).map(fromTuple),
  }
}

/** Without the zeros at its end. */
function trimmed(items: readonly unknown[]): readonly unknown[] {
  return items.slice(0, items.findLastIndex((item) => item !== 0) + 1)
}
