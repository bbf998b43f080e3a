/** @jsxImportSource preact */
// Stored values for people to read.

import type { Json } from '../../src/lib/json.ts'
import { plural } from '../../src/lib/plural.ts'

export type NamedValues = readonly (readonly [name: string, value: Json])[]

export const Values = ({ values }: { readonly values: NamedValues }) => (
  <dl class="inputs">
    {values.map(([name, value]) => (
      <div>
        <dt>{name}</dt>
        <dd>
          <Value value={value} />
        </dd>
      </div>
    ))}
  </dl>
)

/** Where the field policy kept no value, it says so. */
function Value({ value }: { readonly value: Json }) {
  const withheld = withheldText(value)
  if (withheld !== undefined) return <span class="withheld">{withheld}</span>
  if (value === null || value === '') return <span class="withheld">empty</span>
  return <span>{typeof value === 'string' ? value : JSON.stringify(value)}</span>
}

function withheldText(value: Json): string | undefined {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return undefined
  const { $length, $count, $hash, $mask } = value as { readonly [key: string]: Json }
  if (typeof $length === 'number' && typeof $count === 'number')
    return `${plural($count, 'value')} under names that the config does not declare, ${plural($length, 'character')}, not kept`
  if (typeof $length === 'number') return `${$length} ${$length === 1 ? 'character' : 'characters'}, not kept`
  if (typeof $hash === 'string') return `pseudonym ${$hash}`
  return typeof $mask === 'string' ? $mask : undefined
}
