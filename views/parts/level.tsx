/** @jsxImportSource preact */
/** One of Meta's levels, or that there is none. */
export type LevelView = { readonly text: string; readonly state: 'good' | 'bad' | 'unknown' }

const PILLS = { good: 'pill pill-completed', bad: 'pill pill-lost', unknown: 'pill' } as const

export const Level = ({ level: { text, state } }: { readonly level: LevelView }) => (
  <span class={PILLS[state]}>{text}</span>
)
