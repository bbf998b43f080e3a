// The names under which screens submit and are sent something, as far as config and Flow JSON tell.

import { type Flow, isLedElsewhere, type Screen } from './definition.ts'
import { sendsUnknownActions } from './holding.ts'

export type NamesOfScreen = {
  readonly submitted: readonly string[]
  readonly sent: readonly string[]
  /** Whether that is all: the Flow JSON tells each action of the screen. */
  readonly isAll: boolean
  /** Whether it is sent with nothing else. */
  readonly isAllSent: boolean
}

export type NamesByScreen = ReadonlyMap<string, NamesOfScreen>

export function namesByScreen(flow: Flow): NamesByScreen {
  const isLed = isLedElsewhere(flow)
  return new Map([...flow.screens.values()].map((screen) => [screen.id, namesOfScreen(screen, isLed)]))
}

function namesOfScreen({ fieldNames, data, inFlowJson }: Screen, isLedElsewhere: boolean): NamesOfScreen {
  const exchanges = inFlowJson?.actions.filter(({ kind }) => kind === 'data_exchange') ?? []
  return {
    submitted: [...new Set([...fieldNames, ...exchanges.flatMap(({ payload }) => [...payload.keys()])])],
    sent: [...new Set([...data.map(({ name }) => name), ...(inFlowJson?.data.keys() ?? [])])],
    isAll: inFlowJson !== undefined && !sendsUnknownActions(inFlowJson),
    isAllSent: inFlowJson !== undefined || !isLedElsewhere,
  }
}
