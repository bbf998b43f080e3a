// Where the config would have answered otherwise than the endpoint did.

import { canonical, type JsonObject, own } from '../lib/json.ts'
import { cutTo } from '../lib/text.ts'
import { readSent, type Sent } from './observed.ts'

/** `name`: `screen`, or a key of the data. The values are not told: they may be personal. */
export type Difference = { readonly name: string; readonly found: string }

/** `ours`, `theirs`: plaintexts of replies. The token in the params of a completion is the same by nature. */
export function differencesOf(ours: string, theirs: string): readonly Difference[] {
  const [own, other] = [readSent(ours), readSent(theirs)]
  if (own.screen !== other.screen)
    return [{ name: 'screen', found: `the config answers with ${named(own)}, the endpoint with ${named(other)}` }]
  const [a, b] = [dataOf(own), dataOf(other)]
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].sort().flatMap((name) => {
    const found = differenceAt(a, b, name)
    return found === undefined ? [] : [{ name: cutTo(LONGEST_NAME, name), found }]
  })
}

/** Characters. */
const LONGEST_NAME = 80

const named = ({ screen }: Sent): string => (screen === '' ? 'no screen' : `screen ${cutTo(LONGEST_NAME, screen)}`)

/** Params of a completion count one by one. */
function dataOf({ data }: Sent): JsonObject {
  const response = data.extension_message_response as { readonly params?: JsonObject } | undefined
  const { flow_token: _, ...params } = response?.params ?? {}
  return response ? params : data
}

function differenceAt(ours: JsonObject, theirs: JsonObject, name: string): string | undefined {
  const [a, b] = [own(ours, name), own(theirs, name)]
  if (a === undefined) return 'only the endpoint sends it'
  if (b === undefined) return 'only the config sends it'
  return canonical(a) === canonical(b) ? undefined : 'they send different values'
}
