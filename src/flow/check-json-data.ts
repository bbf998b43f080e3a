// Holds what a screen is sent with against what its Flow JSON declares.

import { fitted, NEEDED } from '../flow-json/fitting.ts'
import type { Screen as JsonScreen, ValueType } from '../flow-json/flow-json.ts'
import { typeName } from '../flow-json/value-type.ts'
import { didYouMean, suggest } from '../lib/suggest.ts'
import type { KeyPath } from './compile-field.ts'
import { isLedElsewhere, type Screen } from './definition.ts'
import type { Holding } from './holding.ts'
import { objectsMadeBy } from './made-objects.ts'
import type { Template } from './template.ts'

/**
 * `isSent`: whether we lead people to it; where only the phone does, its `navigate` gives the data. Where another server answers, that
 * can give what the config does not.
 */
export function checkJsonData(holding: Holding, screen: Screen, json: JsonScreen, isSent: boolean): void {
  const { flow } = holding
  const given = new Set(screen.data.map(({ name }) => name))
  const missing = [...json.data.keys()].filter((name) => !given.has(name))
  const misspelt = checkNames(holding, screen, json, missing)
  if (isSent && !isLedElsewhere(flow))
    for (const name of missing.filter((name) => !misspelt.has(name))) tellMissing(holding, json, name)
  for (const { name, value, otherwise } of screen.data) {
    const declared = json.data.get(name)
    if (!declared) continue
    const messages = [value, ...(otherwise ? [otherwise] : [])].flatMap((each) => misfitsOf(declared.type, each, name))
    for (const message of new Set(messages))
      holding.mistake(pathOf(holding, screen, name), `${message} ${holding.at(declared.place)}`)
    for (const { message, isSure } of incompleteOptions(declared.type, value, name)) {
      const tell = isSure ? holding.mistake : holding.odd
      tell(pathOf(holding, screen, name), `${message} ${holding.at(declared.place)}`)
    }
  }
}

/** The names in the Flow JSON that were probably meant. */
function checkNames(holding: Holding, screen: Screen, json: JsonScreen, missing: readonly string[]) {
  const misspelt = new Set<string>()
  for (const { name } of screen.data) {
    if (json.data.has(name) || name === 'error_message') continue
    const path = pathOf(holding, screen, name)
    const near = suggest(name, missing)
    if (near !== undefined) misspelt.add(near)
    const message = `${name} is not in "data" of screen ${screen.id} ${holding.at(json.place)}${didYouMean(name, missing)}`
    if (near === undefined) holding.odd(path, message, keyOrValue(path))
    else holding.mistake(path, message, keyOrValue(path))
  }
  return misspelt
}

function tellMissing({ flow, at, mistake, odd }: Holding, { id, data, place: top }: JsonScreen, name: string): void {
  const { place, example } = data.get(name) ?? { place: top }
  const tell = flow.usesExamples && example !== undefined ? odd : mistake
  tell(
    ['screens', id],
    `screen ${id} must be sent with ${name} ${at(place)}, and neither \`data\` nor \`pass\` gives it`,
    'key',
  )
}

/** Where it is given: under `data`, or in the list of `pass`. */
function pathOf({ config }: Holding, { id }: Screen, name: string): KeyPath {
  const index = config.screens[id]?.pass.indexOf(name) ?? -1
  return index < 0 ? ['screens', id, 'data', name] : ['screens', id, 'pass', index]
}

const keyOrValue = (path: KeyPath) => (typeof path.at(-1) === 'number' ? 'value' : 'key')

/** What can be told before the flow runs; the result of an expression cannot. */
function misfitsOf(type: ValueType, template: Template, path: string): readonly string[] {
  const misfit = (what: string) => [`${path} is ${what}; the Flow JSON declares it as ${typeName(type)}`]
  switch (template.kind) {
    case 'expression':
      return []
    case 'fixed':
      return fitted(type, template.value, path).misfits.map(({ message }) => message)
    case 'text':
      return canBeText(type) ? [] : misfit('a text; { expr: … } stands for a result itself')
    case 'list':
      if (type.type === 'unknown') return []
      if (type.type !== 'array') return misfit('a list')
      return [...new Set(template.items.flatMap((item) => misfitsOf(type.items, item, path)))]
    case 'object': {
      const inner = type.type === 'array' ? type.items : type
      if (inner.type === 'unknown') return []
      if (inner.type !== 'object') return misfit('an object')
      return template.entries.flatMap(([name, part]) => {
        const property = inner.properties.get(name)
        return property ? misfitsOf(property, part, `${path}.${name}`) : []
      })
    }
  }
}

type Incomplete = { readonly message: string; readonly isSure: boolean }

/** Options that an expression makes without what makes them options: none of them would be sent. */
function incompleteOptions(type: ValueType, template: Template, path: string): readonly Incomplete[] {
  const item = type.type === 'array' ? type.items : type
  if (template.kind !== 'expression' || item.type !== 'object') return []
  const declared = [...item.properties.keys()]
  return objectsMadeBy(template.expression.text).flatMap((names) => {
    const missing = declared.find((name) => NEEDED.has(name) && !names.includes(name))
    if (missing === undefined || !names.some((name) => declared.includes(name))) return []
    const near = suggest(
      missing,
      names.filter((name) => !declared.includes(name)),
    )
    const message = `this makes objects of ${names.join(', ')} without ${missing}, which ${path} must have`
    return [
      { message: near === undefined ? message : `${message}; is ${near} meant for it?`, isSure: near !== undefined },
    ]
  })
}

/** A number in a text is sent as a number, and a single text as a list of it. */
const canBeText = (type: ValueType): boolean =>
  type.type === 'array' ? canBeText(type.items) : type.type !== 'boolean' && type.type !== 'object'
