/** @jsxImportSource preact */
/** An instant: ISO 8601 in UTC for machines, local time for people. */
export type LocalTime = { readonly iso: string; readonly text: string }

export function Time({ time }: { readonly time: LocalTime }) {
  return (
    <time dateTime={time.iso} title={time.iso}>
      {time.text}
    </time>
  )
}
