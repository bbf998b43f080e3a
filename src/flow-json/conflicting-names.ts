// Names that mean one thing on one screen and another on the next.

import { fieldsOf } from './fields.ts'
import type { FlowJson } from './flow-json.ts'
import { inferTypesIn } from './infer.ts'
import { fits, typeName } from './value-type.ts'

/** Fields that two screens submit with different types to the endpoint or the chat. */
export function conflictingNames(flowJson: FlowJson) {
  const infer = inferTypesIn(flowJson)
  const uses = [...flowJson.screens.keys()].flatMap((screen) =>
    fieldsOf(flowJson, screen, ['data_exchange', 'complete'], infer).map(({ name, type, sentBy }) => ({
      name,
      screen,
      valueType: type,
      type: typeName(type),
      place: sentBy[0]?.payload.get(name)?.place ?? { line: 1, column: 1 },
    })),
  )
  return [...Map.groupBy(uses, ({ name }) => name)].flatMap(([name, group]) => {
    const first = group.find(({ valueType }) => valueType.type !== 'unknown')
    if (!first || group.every(({ valueType }) => fits(valueType, first.valueType) && fits(first.valueType, valueType)))
      return []
    const places = group.map(({ screen, type }) => `${type} on ${screen}`).join(', ')
    return [
      {
        name,
        /** Where it is submitted, and as what. */
        uses: group.map(({ screen, type, place }) => ({ screen, type, place })),
        message: `${JSON.stringify(name)} is submitted with different types (${places}); another name on one of them keeps the two apart`,
      },
    ]
  })
}
