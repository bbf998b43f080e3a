/** The weight of each value besides the characters of a text or a name. */
const VALUE = 8

/** Characters of all texts and names, and a little for each value. Counting stops above `most`, which bounds the work. Functions weigh nothing. */
export function approximateSize(value: unknown, most: number): number {
  if (typeof value === 'string') return VALUE + value.length
  if (typeof value !== 'object' || value === null) return VALUE
  if ('_jsonata_lambda' in value || '_jsonata_function' in value) return 0
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
