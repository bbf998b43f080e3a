// Event ids as bytes: 33 instead of 43, and in the same order as the texts, so that the index sorts as everyone else does.

/**
 * The condition that an event of a trail has an id; `parameter` is the packed id. The index `events_of_trail` has 16 bits of it, which leave
 * one event or two of a trail.
 */
export const hasId = (parameter: string): string =>
  `substr(id, 1, 2) = substr(${parameter}, 1, 2) AND id = ${parameter}`

/** Never throws: a cursor, which anybody can write, may name anything. */
export const packId = (id: string): Uint8Array => Buffer.from(translate(`${id}${LOWEST}`, TO_STANDARD), 'base64url')

export const unpackId = (bytes: Uint8Array): string =>
  translate(bytes.toBase64({ alphabet: 'base64url' }), TO_SORTED).slice(0, -1)

const STANDARD = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const SORTED = [...STANDARD].sort().join('')
const LOWEST = SORTED[0]

const TO_STANDARD = tableFrom(SORTED, STANDARD)
const TO_SORTED = tableFrom(STANDARD, SORTED)

function tableFrom(from: string, to: string): Uint8Array {
  const table = new Uint8Array(128)
  for (let value = 0; value < from.length; value++) table[from.charCodeAt(value)] = to.charCodeAt(value)
  return table
}

function translate(text: string, table: Uint8Array): string {
  const bytes = Buffer.from(text, 'latin1')
  for (let at = 0; at < bytes.length; at++) bytes[at] = table[bytes[at] as number] as number
  return bytes.toString('latin1')
}
