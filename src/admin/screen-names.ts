// What pages call the screens of a flow.

import type { ScreenNameView } from '../../views/parts/screen-name.tsx'
import { screenNamer } from '../flow/screen-names.ts'
import type { FlowJson } from '../flow-json/flow-json.ts'
import { titlesIn } from '../flow-json/titles.ts'
import type { AdminDeps } from './deps.ts'

export type ScreenNames = (screen: string) => ScreenNameView

export function screenNamesOf(flowJson: FlowJson | undefined): ScreenNames {
  const nameOf = screenNamer(titlesIn(flowJson))
  return (id) => ({ id, name: nameOf(id) })
}

/** Of a step of the funnel. */
export const stepNameOf = (names: ScreenNames, screens: readonly string[]): ScreenNameView => ({
  id: screens.join(' or '),
  name: screens.map((screen) => names(screen).name).join(' or '),
})

/** Where it is not said of which flow: by the name that all flows with such a screen have for it, else by its id. */
export function screenNamesOfAll({ config, flowJsonOf }: Pick<AdminDeps, 'config' | 'flowJsonOf'>): ScreenNames {
  const flows = Object.entries(config.flows).map(([key, { screens }]) => {
    const flowJson = flowJsonOf(key)
    const has = (id: string) => Object.hasOwn(screens, id) || flowJson?.screens.has(id) === true
    return { has, names: screenNamesOf(flowJson) }
  })
  return (id) => {
    const found = new Set(flows.filter(({ has }) => has(id)).map(({ names }) => names(id).name))
    const [name = id] = found
    return { id, name: found.size > 1 ? id : name }
  }
}
