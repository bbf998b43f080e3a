/** @jsxImportSource preact */
type ProgressProps = { readonly reached: number; readonly of: number }

/** How far the person came in the funnel: a bar with one segment per step, and the numbers. */
export function Progress({ reached, of }: ProgressProps) {
  const segments = Math.min(of, MAX_SEGMENTS)
  return (
    <span class="funnel-progress">
      <svg viewBox={`0 0 ${segments * 10} 6`} width={segments * 10} height="6" aria-hidden="true">
        {Array.from({ length: segments }, (_, index) => (
          <rect
            x={index * 10}
            y="0"
            width="8"
            height="6"
            rx="1.5"
            class={index < reached ? 'segment-reached' : 'segment-ahead'}
          />
        ))}
      </svg>
      <span>{`${reached} of ${of}`}</span>
    </span>
  )
}

/** Keeps the bar narrow enough for a table cell. */
const MAX_SEGMENTS = 12
