/** @jsxImportSource preact */
/** A filter in force; `without`: the page without it. */
export type ChipView = { readonly label: string; readonly without: string }

export function Chips({ chips }: { readonly chips: readonly ChipView[] }) {
  if (chips.length === 0) return null
  return (
    <ul class="chips" aria-label="Filters">
      {chips.map(({ label, without }) => (
        <li>
          <a class="chip" href={without} aria-label={`Remove the filter: ${label}`}>
            {label} <span aria-hidden="true">×</span>
          </a>
        </li>
      ))}
    </ul>
  )
}
