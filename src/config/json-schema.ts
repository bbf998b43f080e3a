// The config as JSON Schema, for editors and for messages. Run this file to write docs/config.schema.json.

import { z } from 'zod'
import { isObject } from '../lib/json.ts'
import { DESCRIPTIONS } from './descriptions.ts'
import { config } from './schema.ts'
import type { YamlPath } from './yaml-document.ts'

export type JsonSchema = z.core.JSONSchema.BaseSchema

export function configJsonSchema(): JsonSchema {
  // A copy: in the original, equal parts are one object and would share their description.
  const schema: JsonSchema = JSON.parse(JSON.stringify(z.toJSONSchema(config, { io: 'input' })))
  for (const [place, description] of Object.entries(DESCRIPTIONS)) {
    const part = schemaAt(schema, place.split('.'))
    if (!part) throw new Error(`descriptions.ts describes ${place}, which the config does not have`)
    part.description = description
  }
  return { ...schema, title: 'Screentrail config' }
}

/** The part of the schema at a path. `*` or any unknown key leads into a mapping of free keys. */
export function schemaAt(schema: JsonSchema | undefined, [step, ...rest]: YamlPath): JsonSchema | undefined {
  if (step === undefined || !schema) return schema
  const inner = schema.properties?.[String(step)] ?? schema.additionalProperties ?? schema.items
  if (isObject(inner)) return schemaAt(inner as JsonSchema, rest)
  return schema.anyOf?.map((option) => schemaAt(option as JsonSchema, [step, ...rest])).find(Boolean)
}

if (import.meta.main)
  await Bun.write(
    new URL('../../docs/config.schema.json', import.meta.url),
    `${JSON.stringify(configJsonSchema(), null, 2)}\n`,
  )
