/** `line`: where it begins, from 1. `size`: characters. */
export type FileRecord = { readonly line: number } & (
  | { readonly ok: true; readonly event: unknown; readonly size: number }
  /** A clause for people. */
  | { readonly ok: false; readonly reason: string }
)
