// Finds options that no phone takes.

import jsonata from 'jsonata'
import { isObject, type Json, own } from '../lib/json.ts'
import type { KeyPath, Reporters } from './compile-field.ts'
import type { Flow } from './definition.ts'
import type { Expression } from './expression.ts'
import type { FlowConfig } from './schema.ts'

export function checkOptions(config: FlowConfig, flow: Flow, reporters: Reporters): void {
  for (const [id, { data }] of Object.entries(config.screens))
    for (const [name, value] of Object.entries(data))
      if (!hasNumbers(flow, id, name)) checkList(['screens', id, 'data', name], value as Json, reporters)
  const chosenFrom = Object.values(config.screens).flatMap(({ fields }) =>
    Object.values(fields).flatMap((field) => (typeof field.in === 'string' ? [field.in] : [])),
  )
  const sent = listsSent(flow)
  const whole = new Set([...chosenFrom, ...sent.filter(({ isWhole }) => isWhole).map(({ name }) => name)])
  const part = new Set(sent.map(({ name }) => name)).difference(whole)
  for (const name of whole) checkList(['lists', name], (own(config.lists, name) ?? []) as Json, reporters)
  // One entry alone is no option.
  for (const name of part)
    checkList(['lists', name], (own(config.lists, name) ?? []) as Json, { ...reporters, mistake: reporters.odd })
  for (const name of new Set(chosenFrom))
    for (const [index, item] of (own(config.lists, name) ?? []).entries())
      if (isObject(item) && !('id' in item))
        reporters.mistake(
          ['lists', name, index],
          `fields are chosen from this list by \`in\`, and this entry has no id`,
        )
}

type Sent = { readonly name: string; readonly isWhole: boolean }

/** The lists that screens are sent with, entries as they are. What an expression makes of others has ids of its own. */
const listsSent = (flow: Flow): readonly Sent[] =>
  [...flow.screens.values()].flatMap(({ id, data }) =>
    data
      .filter(({ name }) => !hasNumbers(flow, id, name))
      .flatMap(({ value, otherwise }) => [value, otherwise])
      .flatMap((template) => (template?.kind === 'expression' ? listOf(template.expression) : [])),
  )

type Part = { readonly type?: string; readonly value?: unknown; readonly stages?: unknown }

/** `lists.NAME`, also in another order, or some of it. */
function listOf({ text }: Expression): readonly Sent[] {
  const { type, steps, group } = jsonata(text).ast() as Part & {
    readonly steps?: readonly Part[]
    readonly group?: unknown
  }
  const [root, list, ...others] = steps ?? []
  if (type !== 'path' || group || root?.value !== 'lists' || list?.type !== 'name') return []
  if (others.some((step) => step.type !== 'sort')) return []
  return [{ name: String(list.value), isWhole: [list, ...others].every(({ stages }) => stages === undefined) }]
}

/** A phone takes texts only, and so do expressions that compare with what it submits. */
function checkList(path: KeyPath, list: Json, { mistake, odd }: Reporters): void {
  if (!Array.isArray(list)) return
  const ids = list.map((option) => (isObject(option) ? option.id : undefined))
  for (const [index, option] of list.entries()) {
    if (!isObject(option) || !('id' in option)) continue
    // A list of `lists` can be cut down before it is sent.
    if (path[0] === 'screens' && typeof option.id === 'string' && ids.indexOf(option.id) < index)
      odd([...path, index, 'id'], `id ${option.id} stands in this list twice, so that nobody can tell the two apart`)
    for (const key of 'title' in option ? ['id', 'title'] : ['id']) {
      const value = option[key] as Json
      if (typeof value !== 'string' && !isObject(value))
        mistake(
          [...path, index, key],
          `${key} of an option must be a text, found ${JSON.stringify(value)}; write ${JSON.stringify(String(value))}`,
        )
    }
  }
}

/** Whether the Flow JSON wants ids that are numbers, which then are no options. */
function hasNumbers({ flowJson }: Flow, screen: string, name: string): boolean {
  const type = flowJson?.screens.get(screen)?.data.get(name)?.type
  const item = type?.type === 'array' ? type.items : type
  return item?.type === 'object' && item.properties.get('id')?.type === 'number'
}
