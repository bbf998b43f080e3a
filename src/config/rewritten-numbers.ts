// Finds numbers in flows that are read as others than they are written: `0900` is 900, which no phone submits.

import { isObject } from '../lib/json.ts'
import type { ConfigDocument, Located, YamlPath } from './yaml-document.ts'

type Found = { readonly mistakes: readonly Located[]; readonly oddities: readonly Located[] }

/** `oddities`: 12.50 is the number 12.5, which may be meant, and another text. */
export function rewrittenNumbers(document: ConfigDocument): Found {
  const values = document.values()
  const flows = isObject(values) && isObject(values.flows) ? values.flows : {}
  const mistakes = new Map<unknown, Located>()
  const oddities = new Map<unknown, Located>()
  for (const [key, flow] of Object.entries(flows)) {
    const all = [...leavesOf(flow, [])]
    const chosenFrom = all.filter(({ place }) => isAllowed(place)).map(({ value }) => value)
    for (const { place, value } of all) {
      const scalar = typeof value === 'number' ? document.scalarAt(['flows', key, ...place]) : undefined
      if (scalar?.type !== 'PLAIN' || scalar.source === String(value) || isOnlyNumber(place)) continue
      const { source = '' } = scalar
      const found = isTextIn(place, chosenFrom) || isOther(source, String(value)) ? mistakes : oddities
      const message = `${source} is read as the number ${value}; write "${source}" if the text is meant, else ${value}`
      found.set(scalar, { ...document.placeOfScalar(scalar), message })
    }
  }
  return { mistakes: [...mistakes.values()], oddities: [...oddities.values()] }
}

type Leaf = { readonly place: YamlPath; readonly value: unknown }

/** `place`: from the flow downwards. */
function* leavesOf(value: unknown, place: YamlPath): Generator<Leaf> {
  if (typeof value !== 'object' || value === null) yield { place, value }
  else if (Array.isArray(value)) for (const [index, item] of value.entries()) yield* leavesOf(item, [...place, index])
  else for (const [name, part] of Object.entries(value)) yield* leavesOf(part, [...place, name])
}

/** What stands for an answer is as good as one; a bound is never compared as text. */
const isOnlyNumber = ([section, , part, , key]: YamlPath): boolean =>
  section === 'apis' ? part === 'example' : part === 'fields' && /^(min|max|length)$/.test(String(key))

/** What is compared with what phones submit, or shown to be chosen. */
function isTextIn(place: YamlPath, chosenFrom: readonly unknown[]): boolean {
  const [section, name] = place
  if (section === 'lists' && place.length === 3 && chosenFrom.includes(name)) return true
  return isAllowed(place) || (/^(id|title)$/.test(String(place.at(-1))) && typeof place.at(-2) === 'number')
}

/** Below `in`, of a field or of the trigger. */
const isAllowed = ([section, id, part, , key]: YamlPath): boolean =>
  section === 'trigger' ? id === 'in' : section === 'screens' && part === 'fields' && key === 'in'

/** Whether it is not how anybody writes this number: 0900 and +351 are codes, and what is too long loses digits. */
const isOther = (source: string, read: string): boolean =>
  /^(\+|-?0[\dox])/.test(source) || digitsOf(source) !== digitsOf(read)

/** Those that count: 0.0120 and 1.2e-2 have 12. */
const digitsOf = (number: string): string =>
  number
    .replace(/e.*/i, '')
    .replace(/\D/g, '')
    .replace(/^0+|0+$/g, '')
