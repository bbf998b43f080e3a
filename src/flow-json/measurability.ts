// What an endpoint can see of each screen, and what to change in the Flow JSON to see the rest. By Meta's "Implementing endpoint for
// Flows": an endpoint is asked when a flow is opened with `data_exchange`, by that action, and on Back where `refresh_on_back` is set.

import type { Action, FlowJson, Place, Screen } from './flow-json.ts'
import { entryScreens } from './follow-ups.ts'
import { nameOf } from './read-action.ts'

export type ScreenMeasurability = {
  readonly screen: string
  /** Whether the endpoint sees people go on from here; `partly` where one way is seen and another is not. */
  readonly leaving: 'seen' | 'partly' | 'unseen' | 'none'
  /** Whether it sees Back on this screen; `none` where there is no screen before. */
  readonly back: 'seen' | 'unseen' | 'none'
  /** Who can end the flow here: `endpoint` with SUCCESS, which it knows, `phone` with `complete`, which it does not. */
  readonly end: 'endpoint' | 'phone' | 'both' | 'none'
  /** What to change to see the rest, and where. */
  readonly advice: readonly Advice[]
}

export type Advice = Place & { readonly message: string }

export function measurability(flowJson: FlowJson): readonly ScreenMeasurability[] {
  const entries = entryScreens(flowJson)
  return [...flowJson.screens.values()].map((screen) => {
    const back = entries.includes(screen.id) ? 'none' : screen.refreshOnBack ? 'seen' : 'unseen'
    return {
      screen: screen.id,
      leaving: leavingOf(screen),
      back,
      end: endOf(screen),
      advice: [
        ...screen.actions.flatMap((action) => adviceOn(action)),
        ...(back === 'unseen' ? [{ ...screen.place, message: backAdvice(screen.id) }] : []),
      ],
    }
  })
}

function leavingOf({ actions }: Screen): ScreenMeasurability['leaving'] {
  const seen = exchangesThatLeave(actions).length > 0
  const unseen = actions.some(({ kind }) => kind === 'navigate')
  if (seen) return unseen ? 'partly' : 'seen'
  return unseen ? 'unseen' : 'none'
}

function endOf({ isTerminal, actions }: Screen): ScreenMeasurability['end'] {
  const byPhone = actions.some(({ kind }) => kind === 'complete')
  const byEndpoint = isTerminal && exchangesThatLeave(actions).length > 0
  if (byPhone) return byEndpoint ? 'both' : 'phone'
  return byEndpoint ? 'endpoint' : 'none'
}

/** A choice in a list asks for data of the same screen, unless nothing else leads on. */
function exchangesThatLeave(actions: readonly Action[]): readonly Action[] {
  const exchanges = actions.filter(({ kind }) => kind === 'data_exchange')
  const byTap = exchanges.filter(({ event }) => event === 'on-click-action')
  const leadsOn = actions.some(
    ({ kind, event }) => event === 'on-click-action' && (kind === 'navigate' || kind === 'complete'),
  )
  return byTap.length > 0 || leadsOn ? byTap : exchanges
}

function adviceOn({ kind, place, by, target }: Action): readonly Advice[] {
  const unseen = (what: string, answer: string) => ({
    ...place,
    message: `${nameOf(by)} ${what}, which the endpoint does not see; with "data_exchange" it does, and answers with ${answer}`,
  })
  if (kind === 'navigate') return [unseen(`leads to ${target} with "navigate"`, 'that screen')]
  return kind === 'complete' ? [unseen('ends the flow with "complete"', 'SUCCESS')] : []
}

const backAdvice = (screen: string): string =>
  `Back on ${screen} is not seen by the endpoint; with "refresh_on_back": true it is, and answers with the screen before`
