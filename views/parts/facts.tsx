/** @jsxImportSource preact */
import type { ComponentChildren } from 'preact'

export type Fact = { readonly label: string; readonly value: ComponentChildren }

export function Facts({ facts }: { readonly facts: readonly Fact[] }) {
  return (
    <dl class="facts">
      {facts.map((fact) => (
        <div>
          <dt>{fact.label}</dt>
          <dd>{fact.value}</dd>
        </div>
      ))}
    </dl>
  )
}
