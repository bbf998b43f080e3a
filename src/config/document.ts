// The YAML of a config file: its values, and where in the text each of them stands.

import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
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

export type ConfigDocument = {
  /** The file as plain values, with whatever was filled in since. */
  values(): unknown
  /** Where the value stands. What is missing or empty stands where its holder's key does. */
  placeOf(path: YamlPath): YamlPosition
  placeOfKey(path: YamlPath): YamlPosition
  placeOfScalar(scalar: Scalar): YamlPosition
  scalarAt(path: YamlPath): Scalar | undefined
  /** The scalars at the path and beneath it, each once. */
  scalarsUnder(path: YamlPath): readonly Scalar[]
}

/** `document` is absent when the text is no YAML that values can be read from. */
export function readDocument(text: string): { document?: ConfigDocument; mistakes: readonly Located[] } {
  const lines = new LineCounter()
  const yaml = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true })
  const placeAt = (offset: number): YamlPosition => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(line, 1), column: Math.max(col, 1) }
  }

  const mistakesOf = (problems: readonly YAMLError[]) =>
    problems.map(({ code, pos }) => ({ ...placeAt(pos[0]), message: yamlMistake(code, keyAt(text, pos[0])) }))
  const duplicates = mistakesOf(yaml.errors.filter(isDuplicate))
  const slips = [
    ...mistakesOf([...yaml.errors.filter((error) => !isDuplicate(error)), ...yaml.warnings]),
    ...badAliases(yaml).map(({ offset, message }) => ({ ...placeAt(offset), message })),
  ]
  if (slips.length > 0) return { mistakes: [...duplicates, ...firstOfEachLine(slips)] }
  if (!canExpand(yaml)) return { mistakes: [{ ...placeAt(0), message: 'the aliases (*) repeat too much to be read' }] }

  const at = (path: YamlPath) => walk(yaml, path)
  return {
    mistakes: duplicates,
    document: {
      values: () => yaml.toJS(),
      placeOf: (path) => placeAt(at(path).value),
      placeOfKey: (path) => placeAt(at(path).key),
      placeOfScalar: (scalar) => placeAt(startOf(scalar)),
      scalarAt: (path) => {
        const { node } = at(path)
        return isScalar(node) ? node : undefined
      },
      scalarsUnder: (path) => [...new Set(scalarsIn(yaml, at(path).node))],
    },
  }
}

const isDuplicate = ({ code }: YAMLError) => code === 'DUPLICATE_KEY'

/** One slip makes the parser stumble over the rest of the line. */
const firstOfEachLine = (slips: readonly Located[]) =>
  slips.filter((slip, index) => slips.findIndex((other) => other.line === slip.line) === index)

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

function canExpand(yaml: Document): boolean {
  try {
    yaml.toJS()
    return true
  } catch (error) {
    if (error instanceof ReferenceError) return false
    throw error
  }
}

/** Offsets of the value and of the key that holds it, and the node when there is one. */
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
