import { expect, test } from 'bun:test'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { configJsonSchema, type JsonSchema } from './json-schema.ts'

const docs = (file: string) => readFile(join(import.meta.dir, '../../docs', file), 'utf8')

test('docs/config.schema.json is up to date; if not, run: bun src/config/json-schema.ts', async () => {
  expect(JSON.parse(await docs('config.schema.json'))).toEqual(JSON.parse(JSON.stringify(configJsonSchema())))
})

test('docs/config.md explains every key', async () => {
  const text = await docs('config.md')
  const missing = [...new Set(keysOf(configJsonSchema()))].filter((key) => !text.includes(`\`${key}\``))
  expect(missing).toEqual([])
})

function keysOf(schema: JsonSchema): string[] {
  const named = Object.entries(schema.properties ?? {}).flatMap(([key, inner]) => [key, ...keysOf(inner as JsonSchema)])
  const inner = [schema.additionalProperties, schema.items, ...(schema.anyOf ?? [])]
  return [...named, ...inner.flatMap((part) => (typeof part === 'object' ? keysOf(part as JsonSchema) : []))]
}
