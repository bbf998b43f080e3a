// The YAML of a config file: its values, and their positions in the text.

import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  parseDocument,
  type Scalar,
  visit,
  type YAMLError,
} from 'yaml'
import { yamlMistake } from './yaml-mistake.ts'

/** Keys and list indexes from the top of the file downwards. */
export type YamlPath = readonly PropertyKey[]

/** Counted from 1. */
export type YamlPosition = { readonly line: number; readonly column: number }

export type Located = YamlPosition & { readonly message: string }

export type ConfigDocument = NonNullable<ReturnType<typeof readDocument>['document']>

/** Without `document` if the text has no readable values. */
export function readDocument(text: string) {
  const yaml = parseDocument(text, { prettyErrors: false, stringKeys: true })
  // Not by the parser's own count, which misses lines after a mistake.
  const lineStarts = [0, ...[...text.matchAll(/\r\n|\n|\r/g)].map(({ index, 0: { length } }) => index + length)]
  const placeAt = (offset: number): YamlPosition => {
    const line = Math.max(
      lineStarts.findLastIndex((start) => start <= offset),
      0,
    )
    return { line: line + 1, column: offset - (lineStarts[line] as number) + 1 }
  }

  const mistakesOf = (problems: readonly YAMLError[]) =>
    problems.map(({ code, pos }) => ({ ...placeAt(pos[0]), message: yamlMistake(code, keyAt(text, pos[0])) }))
  const duplicates = [
    ...mistakesOf(yaml.errors.filter(isDuplicate)),
    ...mergeKeys(yaml).map((key) => ({ ...placeAt(startOf(key)), message: MERGES_NOTHING })),
  ]
  const syntaxErrors = [
    ...mistakesOf([...yaml.errors.filter((error) => !isDuplicate(error)), ...yaml.warnings]),
    ...badAliases(yaml).map(({ offset, message }) => ({ ...placeAt(offset), message })),
  ]
  if (syntaxErrors.length > 0) return { mistakes: [...duplicates, ...firstOfEachLine(syntaxErrors)] }
  if (!canExpand(yaml)) return { mistakes: [{ ...placeAt(0), message: 'the aliases (*) repeat too much to be read' }] }

  const at = (path: YamlPath) => walk(yaml, path)
  return {
    mistakes: duplicates,
    document: {
      /** Plain values, with what was interpolated. */
      values: (): unknown => yaml.toJS(),
      /** A missing or empty value has the position of the key around it. */
      placeOf: (path: YamlPath) => placeAt(at(path).value),
      placeOfKey: (path: YamlPath) => placeAt(at(path).key),
      placeOfScalar: (scalar: Scalar) => placeAt(startOf(scalar)),
      scalarAt: (path: YamlPath) => {
        const { node } = at(path)
        return isScalar(node) ? node : undefined
      },
      /** The scalars at the path and beneath it, each once. */
      scalarsUnder: (path: YamlPath) => [...new Set(scalarsIn(yaml, at(path).node))],
    },
  }
}

const isDuplicate = ({ code }: YAMLError) => code === 'DUPLICATE_KEY'

/** Further errors in a line follow from the first. */
const firstOfEachLine = (errors: readonly Located[]) =>
  errors.filter(({ line }, index) => errors.findIndex((other) => other.line === line) === index)

const keyAt = (text: string, offset: number) => /^["']?([\w-]+)/.exec(text.slice(offset, offset + 100))?.[1] ?? 'a key'

function badAliases(yaml: Document): { offset: number; message: string }[] {
  const bad: { offset: number; message: string }[] = []
  visit(yaml, {
    Alias(_, alias) {
      const source = alias.resolve(yaml)
      const offset = startOf(alias)
      if (!source)
        bad.push({ offset, message: 'this alias (*) has no anchor (&) before it; quote a value that begins with *' })
      else if (source.range && startOf(source) <= offset && offset < source.range[2])
        bad.push({ offset, message: 'an alias (*) cannot stand inside what it names' })
    },
  })
  return bad
}

/** YAML 1.2 has none. */
function mergeKeys(yaml: Document): readonly Scalar[] {
  const found: Scalar[] = []
  visit(yaml, {
    Pair(_, { key }) {
      if (isScalar(key) && key.source === '<<' && key.type === 'PLAIN') found.push(key)
    },
  })
  return found
}

const MERGES_NOTHING =
  'this merges nothing: << is a key like others here; write the keys out, or let an alias (*) stand for the whole mapping'

function canExpand(yaml: Document): boolean {
  try {
    yaml.toJS()
    return true
  } catch (error) {
    if (error instanceof ReferenceError) return false
    throw error
  }
}

/** Offsets of the value and its key, and the node if there is one. */
function walk(yaml: Document, path: YamlPath): { key: number; value: number; node?: Node } {
  let node = resolve(yaml, yaml.contents)
  let key = 0
  for (const step of path) {
    const child = isMap(node)
      ? node.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === String(step))
      : isSeq(node)
        ? { key: node.items[Number(step)], value: node.items[Number(step)] }
        : undefined
    if (!child?.key) return { key, value: key }
    key = startOf(child.key as Node)
    node = resolve(yaml, child.value as Node | null)
  }
  return node ? { key, value: isEmpty(node) ? key : startOf(node), node } : { key, value: key }
}

const resolve = (yaml: Document, node: Node | null | undefined): Node | undefined =>
  (isAlias(node) ? (node as Alias).resolve(yaml) : node) ?? undefined

const startOf = (node: Node) => node.range?.[0] ?? 0

const isEmpty = (node: Node) => isScalar(node) && node.value === null && node.range?.[0] === node.range?.[1]

function scalarsIn(yaml: Document, node: Node | undefined): Scalar[] {
  const inner = resolve(yaml, node)
  if (isScalar(inner)) return [inner]
  if (isMap(inner)) return inner.items.flatMap((pair) => scalarsIn(yaml, pair.value as Node))
  return isSeq(inner) ? inner.items.flatMap((item) => scalarsIn(yaml, item as Node)) : []
}
