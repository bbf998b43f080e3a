// Checks that what a flow names is there.

import { didYouMean } from '../lib/suggest.ts'
import { SUCCESS } from '../trail/event.ts'
import type { KeyPath, ReportProblem } from './compile-field.ts'
import type { Flow } from './definition.ts'
import type { FlowConfig, ScreenConfig } from './schema.ts'

export function checkReferences(config: FlowConfig, flow: Flow, report: ReportProblem): void {
  const ids = [...flow.screens.keys()]
  const mustExist = (screen: string, path: KeyPath) => {
    // What is not learned yet may be learned any time.
    if (flow.screens.has(screen) || flow.isLearning) return
    const hint = didYouMean(screen, ids, `; the screens are ${ids.join(', ')}`)
    report(path, `screen ${JSON.stringify(screen)} is not defined${hint}`)
  }
  const mustLead = (next: ScreenConfig['next'], path: KeyPath) => {
    for (const [at, to] of targetsIn(next, path))
      if (to === SUCCESS) report(at, `${SUCCESS} is not a screen; write \`complete\` to end the flow here`)
      else mustExist(to, at)
  }

  if (config.start !== '') mustExist(config.start, ['start'])
  mustLead(config.open?.next, ['open'])
  for (const [index, branch] of [config.open?.next ?? []].flat().entries())
    if (typeof branch === 'object' && (branch.stay !== undefined || branch.complete))
      report(
        ['open', 'next', index],
        'when the flow is opened there is no screen to stay on and nothing to complete; expected `to` or `close`',
      )
  config.funnel?.forEach((step, index) => {
    if (typeof step === 'string') mustExist(step, ['funnel', index])
    else for (const [inner, screen] of step.entries()) mustExist(screen, ['funnel', index, inner])
  })
  for (const [id, screen] of Object.entries(config.screens)) {
    mustLead(screen.next, ['screens', id])
    for (const [name, exchange] of Object.entries(screen.on)) mustLead(exchange.next, ['screens', id, 'on', name])
    for (const [index, name] of screen.pass.entries())
      if (name in screen.data)
        report(['screens', id, 'pass', index], `${name} is passed on and written under data, too; keep one of them`)
  }
}

/** The screens that branches lead to, and where they are named. */
export function targetsIn(
  next: ScreenConfig['next'],
  path: KeyPath,
): readonly (readonly [path: KeyPath, to: string])[] {
  if (next === undefined) return []
  if (typeof next === 'string') return [[[...path, 'next'], next]]
  return next.flatMap(({ to }, index) => (to === undefined ? [] : [[[...path, 'next', index, 'to'], to] as const]))
}
