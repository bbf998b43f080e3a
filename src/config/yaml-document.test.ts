import { expect, test } from 'bun:test'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readDocument, type YamlPath } from './yaml-document.ts'

test('every value and key of the example is found where it stands', async () => {
  const text = await readFile(join(import.meta.dir, '../../config.example.yaml'), 'utf8')
  const { document, mistakes } = readDocument(text)
  if (!document) throw new Error(JSON.stringify(mistakes))
  const lines = text.split('\n')
  const textAt = ({ line, column }: { line: number; column: number }) => lines[line - 1]?.slice(column - 1)

  const found = leavesOf(document.values())
  expect(found.length).toBeGreaterThan(50)
  for (const { path, value } of found) {
    const last = path.at(-1)
    if (typeof last === 'string') expect(textAt(document.placeOfKey(path))).toStartWith(`${last}:`)
    const quoted = new RegExp(`^["']?${RegExp.escape(String(value))}|^[|]$`)
    expect(textAt(document.placeOf(path))).toMatch(quoted)
  }
})

test.each<[string, string, YamlPath, string]>([
  ['a missing value, at its holder', 'a:\n  b: {}\n', ['a', 'b', 'c'], '2:3'],
  ['an empty value, at its key', 'a:\n  b:\n  c: 1\n', ['a', 'b'], '2:3'],
  ['an item, past its dash', 'a:\n  - x\n  - y\n', ['a', 1], '3:5'],
  ['an aliased value, where it is written', 'a: &x { b: 1 }\nc: *x\n', ['c', 'b'], '1:12'],
  ['a value after a long comment with Windows line ends', '# é\r\n\r\na: 1\r\n', ['a'], '3:4'],
  ['a key that looks like a number', 'a: { 1: x }\n', ['a', '1'], '1:9'],
])('finds %s', (_, text, path, expected) => {
  const { document } = readDocument(text)
  const place = document?.placeOf(path)
  expect(`${place?.line}:${place?.column}`).toBe(expected)
})

test('after a mistake, places are still where something stands', async () => {
  const text = await readFile(join(import.meta.dir, '../../config.example.yaml'), 'utf8')
  const lines = text.replace('server:\n', '').split('\n')
  const { mistakes } = readDocument(lines.join('\n'))
  expect(mistakes.length).toBeGreaterThan(0)
  for (const { line, column } of mistakes) expect(lines[line - 1]?.slice(column - 1)).toMatch(/\S/)
})

type Leaf = { readonly path: YamlPath; readonly value: unknown }

function leavesOf(value: unknown, path: YamlPath = []): Leaf[] {
  if (typeof value !== 'object' || value === null) return [{ path, value }]
  const steps = Array.isArray(value) ? [...value.entries()] : Object.entries(value)
  return steps.flatMap(([step, inner]) => leavesOf(inner, [...path, step]))
}
