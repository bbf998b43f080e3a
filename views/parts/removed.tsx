/** @jsxImportSource preact */
import { type LocalTime, Time } from './time.tsx'

/** Of numbers that have an age of their own. */
export const RemovedNumbers = ({ before }: { readonly before: LocalTime | undefined }) =>
  before === undefined ? null : (
    <p class="text-secondary">
      Numbers from before <Time time={before} /> have been removed.
    </p>
  )
