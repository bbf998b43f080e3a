// Finds options that no phone takes.

import type { ValueType } from '../flow-json/flow-json.ts'
import { isObject, type Json } from '../lib/json.ts'
import type { KeyPath, Reporters } from './compile-field.ts'
import type { Flow } from './definition.ts'
import type { FlowConfig } from './schema.ts'

export function checkOptions(config: FlowConfig, { flowJson }: Pick<Flow, 'flowJson'>, reporters: Reporters): void {
  for (const [name, list] of Object.entries(config.lists)) checkList(['lists', name], list as Json, reporters)
  for (const [id, { data }] of Object.entries(config.screens))
    for (const [name, value] of Object.entries(data)) {
      const declared = flowJson?.screens.get(id)?.data.get(name)?.type
      if (!declared || !hasNumbers(declared)) checkList(['screens', id, 'data', name], value as Json, reporters)
    }
  const chosenFrom = Object.values(config.screens).flatMap(({ fields }) =>
    Object.values(fields).flatMap((field) => (typeof field.in === 'string' ? [field.in] : [])),
  )
  for (const name of new Set(chosenFrom))
    for (const [index, item] of (config.lists[name] ?? []).entries())
      if (isObject(item) && !('id' in item))
        reporters.mistake(
          ['lists', name, index],
          `fields are chosen from this list by \`in\`, and this entry has no id`,
        )
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
const hasNumbers = (type: ValueType): boolean =>
  type.type === 'array' && type.items.type === 'object' && type.items.properties.get('id')?.type === 'number'
