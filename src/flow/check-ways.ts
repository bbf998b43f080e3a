// What is written such that it never happens: markers that mark nothing, branches that are never taken, steps that nobody can all reach.

import jsonata from 'jsonata'
import { followUps, reachedFrom } from '../flow-json/follow-ups.ts'
import { didYouMean, suggest } from '../lib/suggest.ts'
import { variablesOf } from './check-names.ts'
import type { KeyPath, Reporters } from './compile-field.ts'
import { type Flow, isLedElsewhere, screensAfter } from './definition.ts'
import type { FlowConfig, ScreenConfig } from './schema.ts'

/** A marker is a text or a number. */
export function checkMarkers({ trigger, sequence }: FlowConfig, { mistake }: Reporters): void {
  const markers: [KeyPath, string | undefined, string][] = [
    typeof trigger === 'object' ? [['trigger', 'expr'], trigger.expr, 'name'] : [['trigger'], trigger, 'name'],
    [['sequence'], sequence, 'input.seq'],
  ]
  for (const [path, text, value] of markers)
    if (text !== undefined && givesTruth(text))
      mistake(
        path,
        `${text} is true or false, which marks nothing; expected a text or a number, as in ${text} ? ${value === 'name' ? "'name'" : value}`,
      )
}

type Part = { readonly type?: string; readonly value?: unknown; readonly [key: string]: unknown }

function givesTruth(text: string): boolean {
  try {
    return isTruth(jsonata(text).ast() as unknown as Part)
  } catch {
    return false
  }
}

function isTruth({ type, value, procedure, then, else: otherwise, expressions }: Part): boolean {
  switch (type) {
    case 'binary':
      return ['=', '!=', '<', '>', '<=', '>=', 'and', 'or', 'in'].includes(String(value))
    case 'value':
      return typeof value === 'boolean'
    case 'function':
      return ['exists', 'not', 'boolean', 'contains'].includes(String((procedure as Part | undefined)?.value))
    case 'condition':
      return isTruth(then as Part) && (otherwise === undefined || isTruth(otherwise as Part))
    case 'block':
      return Array.isArray(expressions) && isTruth(expressions.at(-1) as Part)
    default:
      return false
  }
}

export function checkWays(config: FlowConfig, flow: Flow, reporters: Reporters): void {
  checkBranches(config.open?.next, ['open'], [], reporters)
  for (const [id, screen] of Object.entries(config.screens)) {
    const fields = Object.keys(screen.fields)
    checkBranches(screen.next, ['screens', id], fields, reporters)
    for (const [name, { next }] of Object.entries(screen.on))
      checkBranches(next, ['screens', id, 'on', name], fields, reporters)
  }
  checkKept(config, flow, reporters)
  if (config.funnel && !isLedElsewhere(flow)) checkFunnel(config.funnel, flow, reporters)
}

function checkBranches(
  next: ScreenConfig['next'],
  path: KeyPath,
  fields: readonly string[],
  { mistake, odd }: Reporters,
): void {
  if (!Array.isArray(next)) return
  const always = next.findIndex(({ when }) => when === undefined)
  if (always >= 0 && always < next.length - 1)
    odd([...path, 'next', always + 1], 'this branch is never taken: the one before has no `when`, so it always is')
  for (const [index, { field }] of next.entries()) {
    if (field === undefined || fields.includes(field)) continue
    const near = suggest(field, fields)
    const tell = near === undefined ? odd : mistake
    const hint = near === undefined ? `the fields are ${fields.join(', ') || 'none'}` : `did you mean ${near}?`
    tell([...path, 'next', index, 'field'], `this screen has no field ${field}; ${hint}`)
  }
}

function checkKept(config: FlowConfig, flow: Flow, { mistake, odd }: Reporters): void {
  const made = variablesOf(config, flow)
  if (!made) return
  for (const [index, name] of (config.open?.keep ?? []).entries()) {
    if (made.includes(name)) continue
    const hint = didYouMean(name, made)
    const tell = hint === '' ? odd : mistake
    tell(['open', 'keep', index], `no \`set\` makes a variable ${name}${hint}`)
  }
}

/** Nobody comes by two alternatives, so a step for each would seem to lose everybody who took the other. */
function checkFunnel(funnel: NonNullable<FlowConfig['funnel']>, flow: Flow, { odd }: Reporters): void {
  const after = waysOf(flow)
  const leads = (from: string, to: string) => reachedFrom([from], (id) => after.get(id) ?? []).has(to)
  const steps = funnel.map((step) => [step].flat())
  for (const [index, step] of steps.entries()) {
    const before = steps[index - 1]
    if (!before || !step.every((id) => flow.screens.has(id)) || !before.every((id) => flow.screens.has(id))) continue
    const isLed = before.some((from) => step.some((to) => leads(from, to) || leads(to, from)))
    if (!isLed)
      odd(
        ['funnel', index],
        `no way leads from ${before.join(' or ')} to ${step.join(' or ')} or back; alternatives are one step: [${[...before, ...step].join(', ')}]`,
      )
  }
}

const waysOf = ({ screens, flowJson }: Flow): ReadonlyMap<string, readonly string[]> => {
  const onPhone = flowJson ? followUps(flowJson).filter(({ by }) => by === 'phone') : []
  const all = [
    ...[...screens.values()].flatMap((screen) => screensAfter(screen).map((to) => ({ from: screen.id, to }))),
    ...onPhone,
  ]
  return new Map([...Map.groupBy(all, ({ from }) => from)].map(([from, ways]) => [from, ways.map(({ to }) => to)]))
}
