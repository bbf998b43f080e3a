/** The weight of each value besides the characters of a text or a name. */
const VALUE = 8

/** Whether JSONata made it to be called. Its names alone prove nothing, as JSON can have them, too; but JSON has no functions. */
export function isMadeByJsonata(value: object): boolean {
  const { implementation, environment } = value as {
    implementation?: unknown
    environment?: { lookup?: unknown } | null
  }
  return typeof implementation === 'function' || typeof environment?.lookup === 'function'
}

/** Characters of all texts and names, and a little for each value. Counting stops above `most`, which bounds the work. Functions weigh nothing. */
export function approximateSize(value: unknown, most: number): number {
  if (typeof value === 'string') return VALUE + value.length
  if (typeof value !== 'object' || value === null) return VALUE
  if (isMadeByJsonata(value)) return 0
  let weight = VALUE
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length && weight <= most; index++)
      weight += approximateSize(value[index], most - weight)
    return weight
  }
  for (const name in value) {
    if (weight > most) return weight
    weight += name.length + approximateSize((value as { readonly [name: string]: unknown })[name], most - weight)
  }
  return weight
}
