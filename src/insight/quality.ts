// What the endpoint cannot see of a flow, and what its owner can do about it.

import { OTHER } from '../rollup/limits.ts'
import type { ScreenAggregate } from '../rollup/screen-aggregate.ts'
import type { SessionStatistics } from '../rollup/session-statistics.ts'
import { sessionsIn } from './endings.ts'
import type { QualityFinding } from './shapes.ts'

export type QualityInput = {
  readonly statistics: SessionStatistics
  /** The screens of the flow in the config; undefined if the config does not have the flow. */
  readonly screens: readonly string[] | undefined
  /** What screens are called; by default their ids. */
  readonly nameOf?: (screen: string) => string
  /** Events that came without a token of their own. */
  readonly untracked: number
  /** Events of tokens that many people share. */
  readonly shared: number
}

export function findingsOf(input: QualityInput): QualityFinding[] {
  const { statistics, screens, nameOf = (screen) => screen, untracked, shared } = input
  const namesOf = (some: readonly string[]) => some.map(nameOf).join(', ')
  const sessions = sessionsIn(statistics.paths)
  const visited = Object.keys(statistics.screens)
  const often = (what: 'inferred' | 'unseenBacks') =>
    visited.filter((screen) => isOften(statistics.screens[screen] as ScreenAggregate, what))
  const inferred = often('inferred')
  const unseenBacks = often('unseenBacks')
  // `OTHER` may be any of them.
  const unseen = visited.includes(OTHER) ? [] : (screens ?? []).filter((screen) => !visited.includes(screen))
  const unknown = screens ? visited.filter((screen) => !screens.includes(screen)) : []
  const unopened = sessions - statistics.opened
  return [
    ...when(screens === undefined, {
      kind: 'unknown_flow',
      found:
        'The config does not have this flow: who opens it gets no answer, and nobody can say which of its screens were not seen.',
      remedy: 'If people still use it, add it under `flows` in the config.',
      count: sessions,
    }),
    ...when(untracked > 0, {
      kind: 'untracked_events',
      found: `${untracked} requests came without a flow token of their own, so nobody can say whose they are; they are in no funnel.`,
      remedy: 'Send every message with a flow_token that is used for nothing else.',
      count: untracked,
    }),
    ...when(shared > 0, {
      kind: 'shared_tokens',
      found:
        `One flow token, many people: ${shared} requests came under tokens that had already sent more than one person ever does. ` +
        'They are in no funnel, and the sessions of such a token until then are of several people.',
      remedy: 'Send every message with a flow_token that is used for nothing else.',
      count: shared,
    }),
    ...when(sessions > 0 && unopened > 0, {
      kind: 'no_openings',
      found: `${unopened} of ${sessions} sessions began without an opening: who looked at the first screen and left is not seen.`,
      remedy: 'Send the flow with flow_action: "data_exchange", so that opening it asks the endpoint.',
      count: unopened,
    }),
    ...when(inferred.length > 0, {
      kind: 'inferred_screens',
      found: `To ${namesOf(inferred)} people were taken by their own phones: when is unknown, and who left there counts for the screen before.`,
      remedy: 'In the Flow JSON, let the transition to the screen be a data_exchange instead of a navigate.',
      screens: inferred,
      count: inferred.length,
    }),
    ...when(unseenBacks.length > 0, {
      kind: 'unseen_backs',
      found: `On ${namesOf(unseenBacks)} people went back on their phones, which told nobody: when is unknown, and who left after it counts for the screen that they went back from.`,
      remedy: `In the Flow JSON, set "refresh_on_back": true on ${unseenBacks.join(', ')}, so that Back there asks the endpoint.`,
      screens: unseenBacks,
      count: unseenBacks.length,
    }),
    ...when(sessions > 0 && unseen.length > 0, {
      kind: 'unseen_screens',
      found: `Nobody was seen on ${namesOf(unseen)} in this time.`,
      remedy: 'See that a transition leads there, that it is a data_exchange, and that the screen is still in use.',
      screens: unseen,
      count: unseen.length,
    }),
    ...when(unknown.length > 0, {
      kind: 'unknown_screens',
      found: `People were on ${namesOf(unknown)}, which the config does not have.`,
      remedy: 'Add the screen under `screens` in the config, or take it out of the Flow JSON.',
      screens: unknown,
      count: unknown.length,
    }),
  ]
}

/** At least so many visits, and this share of them. Fewer can be a second tap that came late, from a screen the person had left. */
const LEAST_VISITS = 3
const LEAST_SHARE = 0.01

const isOften = ({ shown, ...counts }: ScreenAggregate, what: 'inferred' | 'unseenBacks'): boolean => {
  const visits = counts[what] ?? 0
  return visits >= LEAST_VISITS && visits >= LEAST_SHARE * shown
}

const when = (is: boolean, finding: QualityFinding): QualityFinding[] => (is ? [finding] : [])
