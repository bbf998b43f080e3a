// The limits that a component sets to what people enter.

import { constantText } from './constant-text.ts'
import type { Limit, Limits, Value } from './flow-json.ts'

type Properties = ReadonlyMap<string, Value>

export function readLimits(properties: Properties): Limits {
  const helperText = properties.get('helper-text')
  return {
    ...some('inputType', constantText(properties.get('input-type'))),
    ...some('pattern', constantText(properties.get('pattern'))),
    ...some('helperText', helperText),
    ...some('minChars', count(properties.get('min-chars'))),
    ...some('maxChars', count(properties.get('max-chars') ?? properties.get('max-length'))),
    ...some('minSelected', count(properties.get('min-selected-items'))),
    ...some('maxSelected', count(properties.get('max-selected-items'))),
    ...some('minDate', date(properties.get('min-date'))),
    ...some('maxDate', date(properties.get('max-date'))),
    ...some('minDays', count(properties.get('min-days'))),
    ...some('maxDays', count(properties.get('max-days'))),
    ...some('minFiles', count(properties.get('min-uploaded-photos') ?? properties.get('min-uploaded-documents'))),
    ...some('maxFiles', count(properties.get('max-uploaded-photos') ?? properties.get('max-uploaded-documents'))),
  }
}

const some = <K extends keyof Limits>(key: K, value: Limits[K] | undefined): Pick<Limits, K> | object =>
  value === undefined ? {} : { [key]: value }

/** Meta's examples write numbers as texts, too. */
function count(value: Value | undefined): Limit<number> | undefined {
  if (value?.kind !== 'constant') return value
  const number = typeof value.value === 'string' && /^\d{1,9}$/.test(value.value) ? Number(value.value) : value.value
  return typeof number === 'number' ? number : undefined
}

const date = (value: Value | undefined): Limit<string> | undefined =>
  value?.kind === 'constant' ? constantText(value) : value
