import type { Value } from './flow-json.ts'

/** The text that stands there, such as a title or a label; undefined if it is known only when the flow runs, or is no text. */
export const constantText = (value: Value | undefined): string | undefined =>
  value?.kind === 'constant' && typeof value.value === 'string' ? value.value : undefined
