// Finds texts and data in which an expression was meant and none stands, or the reverse: a phone would show them as they are.

import { isObject, type Json } from '../lib/json.ts'
import { isKnownHere, rootPaths } from './check-names.ts'
import type { KeyPath, Reporters } from './compile-field.ts'
import { meant, named, shown, toldAsTheyStand } from './config-places.ts'
import type { Flow } from './definition.ts'
import { SCOPE_NAMES } from './expression.ts'
import type { FlowConfig } from './schema.ts'
import { HOLES, isExpression } from './template.ts'

export function checkTexts(config: FlowConfig, flow: Flow, { mistake, odd }: Reporters): void {
  const told = new Set<string>()
  // One mistake is enough in one place.
  const reporters: Reporters = {
    mistake(path, message) {
      if (!told.has(JSON.stringify(path))) mistake(path, message)
      told.add(JSON.stringify(path))
    },
    odd,
  }
  for (const [path, value] of toldAsTheyStand(config))
    if (typeof value === 'string' && value.match(HOLES))
      reporters.mistake(path, 'this sentence is told as it stands; no {{ … }} is worked out here')
  for (const [path, value] of meant(config)) if (typeof value !== 'string') checkMeant(path, value as Json, reporters)
  const place: Place = { config, flow, reporters }
  for (const [path, value] of named(config))
    if (isObject(value)) checkKey(path, value, ['expr', 'source'], BELOW, place)
  for (const [path, value] of shown(config)) checkShown(path, value as Json, place)
}

type Place = { readonly config: FlowConfig; readonly flow: Flow; readonly reporters: Reporters }

function checkShown(path: KeyPath, value: Json | undefined, place: Place): void {
  if (typeof value === 'string') checkText(path, value, place)
  if (Array.isArray(value)) for (const [index, item] of value.entries()) checkShown([...path, index], item, place)
  // Whether it is written right, is told where it is compiled.
  if (!isObject(value) || 'expr' in value) return
  checkKey(path, value, WORDS_FOR_EXPR, 'means nothing here; a result is written { expr: … }', place)
  for (const [name, part] of Object.entries(value)) checkShown([...path, name], part, place)
}

const BELOW = 'would be a name like others here; a result stands below one, as in NAME: { expr: … }'

/** What people write for `expr`. A list, as words that are merely near it, such as `extra` and `expiry`, are names of other things. */
const WORDS_FOR_EXPR = [
  'exrp',
  'epxr',
  'exprs',
  'exprr',
  'expre',
  'Expr',
  'EXPR',
  'expresion',
  'jsonata',
  'expression',
  'source',
]

/** One of the `words`, alone where a result could stand. Beside others it is a name like them. */
function checkKey(path: KeyPath, value: object, words: readonly string[], sentence: string, place: Place): void {
  const { config, flow, reporters } = place
  const [[key, text] = ['', null], ...others] = Object.entries(value)
  const at = [...path, key]
  if (others.length > 0 || typeof text !== 'string' || !words.includes(key) || isDeclared(at, flow)) return
  if (isExpressionText(text, at, place)) reporters.mistake(at, `${key} ${sentence}`)
  // Where people come from is called `source`, too.
  else if (key !== 'source' || Object.hasOwn({ ...config.apis, ...config.lists }, text))
    reporters.odd(at, `${key} ${sentence}`)
}

/** Whether the Flow JSON knows data of this name. */
function isDeclared([section, id, part, name, ...within]: KeyPath, { flowJson }: Flow): boolean {
  if (section !== 'screens' || part !== 'data') return false
  let type = flowJson?.screens.get(String(id))?.data.get(String(name))?.type
  for (const step of within) {
    const one = type?.type === 'array' ? type.items : type
    type = typeof step === 'number' ? one : one?.type === 'object' ? one.properties.get(step) : undefined
  }
  return type !== undefined
}

function checkText(path: KeyPath, text: string, place: Place): void {
  const { mistake, odd } = place.reporters
  if (!text.includes('{{') && isExpressionText(text, path, place)) {
    mistake(path, `this text is shown as it stands: ${text}; write {{ ${text.trim()} }} or { expr: … }`)
    return
  }
  for (const [hole, inside = ''] of text.replaceAll(HOLES, '').matchAll(SINGLE_HOLES)) {
    const [root = ''] = inside.split('.')
    const isOurs = inside.includes('.') && SCOPE_NAMES.some((name) => name === root)
    const meantName = isOurs ? inside : `known.${inside}`
    const tell = isOurs ? mistake : odd
    tell(path, `${hole} is shown as it stands; an expression stands in two braces, such as {{ ${meantName} }}`)
  }
}

const SINGLE_HOLES = /\{\s*([A-Za-z_][\w.]*)\s*\}/g

/** Whether nobody can have meant it as a text: it is an expression, and sees something that is there. */
function isExpressionText(text: string, path: KeyPath, { config, flow }: Place): boolean {
  try {
    return rootPaths(text).some((names) => names.length > 1 && isKnownHere(names, path, config, flow))
  } catch {
    return false
  }
}

/** Anything but a text is meant as it is, so an expression within would go out as it is written. */
function checkMeant(path: KeyPath, value: Json, { mistake, odd }: Reporters): void {
  if (typeof value === 'string') {
    if (value.match(HOLES)) mistake(path, `{{ … }} is not worked out within a list or a mapping here; ${AS_A_WHOLE}`)
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) checkMeant([...path, index], item, { mistake, odd })
  } else if (isExpression(value))
    mistake([...path, 'expr'], `a text is an expression here already: write it without { expr: … }; ${AS_A_WHOLE}`)
  else if (isObject(value))
    for (const [name, part] of Object.entries(value)) checkMeant([...path, name], part, { mistake, odd })
}

const AS_A_WHOLE = 'what holds several is one expression, such as "{ \'a\': input.a }"'
