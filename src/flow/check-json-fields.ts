// Holds the fields of a flow against what its Flow JSON submits.

import { fieldsOf, isSubmittedAsIs, type Field as JsonField } from '../flow-json/fields.ts'
import type { Option, Place, ValueType } from '../flow-json/flow-json.ts'
import { inferIn } from '../flow-json/infer.ts'
import { canBeRange, typeName } from '../flow-json/value-type.ts'
import { isMissing } from '../lib/json.ts'
import { didYouMean } from '../lib/suggest.ts'
import { type Field, isOnlyObserved, type Screen } from './definition.ts'
import { asksUs, type Holding, sendsUnknownActions } from './holding.ts'
import type { FieldType } from './schema.ts'

export function checkJsonFields(holding: Holding): void {
  const infer = inferIn(holding.flowJson)
  for (const screen of holding.flow.screens.values()) {
    const { inFlowJson } = screen
    if (!inFlowJson || screen.fields.length === 0) continue
    if (!asksUs(inFlowJson)) {
      const { id } = screen
      const message = `no action of screen ${id} is a data_exchange ${holding.at(inFlowJson.place)}, so nothing of it is validated`
      holding.odd(['screens', id, 'fields'], message, 'key')
      continue
    }
    const submitted = new Map(
      fieldsOf(holding.flowJson, screen.id, ['data_exchange'], infer).map((field) => [field.name, field]),
    )
    for (const field of screen.fields) {
      const found = submitted.get(field.name)
      if (found) checkField(holding, screen, field, found)
      else checkAbsent(holding, screen, field, [...submitted.keys()])
    }
  }
}

function checkAbsent({ flowJson, at, mistake, odd }: Holding, { id }: Screen, { name }: Field, others: string[]): void {
  const json = flowJson.screens.get(id)
  if (!json) return
  const tell = sendsUnknownActions(json) ? odd : mistake
  tell(
    ['screens', id, 'fields', name],
    `screen ${id} submits no ${name} ${at(json.place)}${didYouMean(name, others)}`,
    'key',
  )
}

function checkField({ flow, at, mistake, odd }: Holding, { id }: Screen, field: Field, json: JsonField): void {
  const path = ['screens', id, 'fields', field.name]
  const { type } = field.config
  const where = (value?: string) => at(placeOf(json, value))
  if (!canBe(json.type, type)) {
    mistake([...path, 'type'], `${field.name} is ${typeName(json.type)} ${where()}, which is never a ${type}`)
    return
  }
  const options = optionsOf(json)
  if (!options || !field.allowed) return
  const allowed = field.allowed.map(String)
  const possible = [...new Set(options.map(({ id }) => id))]
  const refused = possible.filter((value) => !allowed.includes(value) && options.some((each) => isEnabled(each, value)))
  const unknown = allowed.filter((value) => !possible.includes(value))
  if (refused.length > 0) {
    const near = unknown.length === 1 && refused.length === 1 ? unknown[0] : undefined
    const people = `people can choose ${refused.join(', ')} ${where(refused[0])}, which \`in\``
    if (isOnlyObserved(flow))
      odd([...path, 'in'], `${people} does not have${near === undefined ? '' : `; it has ${near}`}`)
    else mistake([...path, 'in'], `${people} refuses${near === undefined ? '' : `; \`in\` has ${near}`}`)
  } else if (unknown.length > 0)
    odd([...path, 'in'], `nobody can choose ${unknown.join(', ')} ${where()}; the options are ${possible.join(', ')}`)
}

/** Of the action that submits the value always; else of the component it is entered in, else of what is made of it. */
function placeOf({ name, origins, sentBy }: JsonField, value?: string): Place {
  const submitted = sentBy.flatMap(({ payload }) => payload.get(name) ?? [])
  const constant = submitted.find((each) => each.kind === 'constant' && String(each.value) === value)
  const entered = origins.find(({ path }) => path.length === 0)?.component
  return (constant ?? entered ?? submitted[0])?.place ?? { line: 1, column: 1 }
}

const isEnabled = ({ id, isEnabled }: Option, value: string): boolean => id === value && isEnabled

/** All that can be chosen, besides nothing; undefined where that is not all in the Flow JSON. */
function optionsOf(field: JsonField): readonly Option[] | undefined {
  const { origins, isSent } = field
  const constants = field.constants.filter((value) => !isMissing(value))
  if (isSent || !isSubmittedAsIs(field)) return undefined
  const lists = origins.map(({ component: { options }, path }) =>
    options?.from === 'list' && path.length === 0 ? options.items : undefined,
  )
  const submitted = constants.filter((value) => typeof value === 'string' || typeof value === 'number')
  if (lists.includes(undefined) || submitted.length < constants.length) return undefined
  const options = [
    ...lists.flatMap((list) => list ?? []),
    ...submitted.map((id) => ({ id: String(id), isEnabled: true })),
  ]
  return options.length === 0 ? undefined : options
}

/** Whether a value that the Flow JSON submits can pass as one of the field's type. */
function canBe(found: ValueType, type: FieldType): boolean {
  if (found.type === 'unknown') return true
  const items = found.type === 'array' ? found.items.type : undefined
  switch (type) {
    case 'text':
    case 'phone':
    case 'email':
    case 'date':
      return found.type === 'string'
    case 'choice':
    case 'number':
      return found.type === 'string' || found.type === 'number'
    case 'boolean':
      return found.type === 'boolean'
    case 'choices':
      return items === 'string' || items === 'number' || items === 'unknown'
    case 'files':
      return items === 'object' || items === 'unknown'
    case 'date_range':
      return canBeRange(found)
  }
}
