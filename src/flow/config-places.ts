// Where in a flow's config what stands: texts that people see, values that are meant as they are, mappings of names.

import { isObject } from '../lib/json.ts'
import type { KeyPath } from './compile-field.ts'
import type { BranchConfig, FlowConfig, ScreenConfig } from './schema.ts'

export type Placed = readonly [path: KeyPath, value: unknown]

/** What people see or get, in which `{{ … }}` and `{ expr: … }` mean something. */
export function* shown(config: FlowConfig): Generator<Placed> {
  yield* below(['texts'], config.texts)
  yield* below(['messages'], config.messages)
  yield* ofBranches(config.open?.next, ['open'])
  yield* ofCalls(config.open?.ask, ['open', 'ask'])
  for (const [id, screen] of Object.entries(config.screens)) {
    const path = ['screens', id]
    yield* ofData(screen.data, [...path, 'data'])
    yield* below([...path, 'complete'], screen.complete)
    yield* ofCalls(screen.ask, [...path, 'ask'])
    yield* ofSubmission(screen, path)
    for (const [name, exchange] of Object.entries(screen.on)) yield* ofSubmission(exchange, [...path, 'on', name])
    for (const [name, { message, check }] of Object.entries(screen.fields)) {
      const at = [...path, 'fields', name]
      if (typeof message === 'string') yield [[...at, 'message'], message]
      else yield* below([...at, 'message'], message)
      if (Array.isArray(check))
        for (const [index, each] of check.entries()) yield [[...at, 'check', index, 'message'], each.message]
    }
  }
}

function* ofSubmission(config: Pick<ScreenConfig, 'do' | 'next'>, path: KeyPath): Generator<Placed> {
  yield* ofCalls(config.do, [...path, 'do'])
  yield* ofBranches(config.next, path)
}

function* ofCalls(calls: ScreenConfig['do'] | undefined, path: KeyPath): Generator<Placed> {
  for (const [name, call] of Object.entries(calls ?? {})) yield [[...path, name, 'else'], call.else]
}

function* ofBranches(next: ScreenConfig['next'], path: KeyPath): Generator<Placed> {
  for (const [index, branch] of branchesIn(next)) {
    const at = [...path, 'next', index]
    for (const key of ['stay', 'message', 'close'] as const) yield [[...at, key], branch[key]]
    yield* below([...at, 'complete'], branch.complete)
  }
}

/** `{ expr, else }` stands here, too. */
function* ofData(data: ScreenConfig['data'], path: KeyPath): Generator<Placed> {
  for (const [name, value] of Object.entries(data))
    if (isObject(value) && typeof value.expr === 'string' && 'else' in value)
      yield [[...path, name, 'else'], value.else]
    else yield [[...path, name], value]
}

export function* toldAsTheyStand(config: FlowConfig): Generator<Placed> {
  yield [['failure_message'], config.failure_message]
  yield [['tokens', 'expired_message'], config.tokens?.expired_message]
}

/** What each screen does with a request, and each of its exchanges. */
export const submissionsIn = ({ screens }: Pick<FlowConfig, 'screens'>) =>
  Object.entries(screens).flatMap(([id, screen]): (readonly [KeyPath, ScreenConfig | ScreenConfig['on'][string]])[] => [
    [['screens', id], screen],
    ...Object.entries(screen.on).map(([name, each]) => [['screens', id, 'on', name], each] as const),
  ])

/** Where a text is an expression, and all else is meant as it is. */
export function* meant(config: FlowConfig): Generator<Placed> {
  const opening = config.open ? [[['open'], config.open] as const] : []
  for (const [path, each] of [...opening, ...submissionsIn(config)]) {
    yield* below([...path, 'set'], each.set)
    for (const [index, branch] of branchesIn(each.next)) yield* below([...path, 'next', index, 'set'], branch.set)
    for (const key of ['ask', 'do'] as const) {
      const calls = (each as { readonly [key in 'ask' | 'do']?: ScreenConfig['do'] })[key] ?? {}
      for (const [name, call] of Object.entries(calls)) yield* below([...path, key, name, 'with'], call.with)
    }
  }
}

/** Mappings whose keys are names. */
export function* named({ screens, open }: FlowConfig): Generator<Placed> {
  const branches = (next: ScreenConfig['next'], path: KeyPath): Placed[] =>
    branchesIn(next).map(([index, { complete }]) => [[...path, 'next', index, 'complete'], complete])
  yield* branches(open?.next, ['open'])
  for (const [id, screen] of Object.entries(screens)) {
    yield [['screens', id, 'data'], screen.data]
    yield [['screens', id, 'complete'], screen.complete]
    yield* branches(screen.next, ['screens', id])
    for (const [name, { next }] of Object.entries(screen.on)) yield* branches(next, ['screens', id, 'on', name])
  }
}

const branchesIn = (next: ScreenConfig['next']): readonly [number, BranchConfig][] =>
  Array.isArray(next) ? [...next.entries()] : []

function* below(path: KeyPath, values: object | undefined): Generator<Placed> {
  for (const [name, value] of Object.entries(values ?? {})) yield [[...path, name], value]
}
