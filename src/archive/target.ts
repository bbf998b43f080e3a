/** Files by name, such as `repair-booking/2026-11-22.….json`. Calls reject with one sentence that names the file and the reason. */
export interface ArchiveTarget {
  /** For people. */
  pathOf(name: string): string
  /** Of all files that are whole, in the order of their names. None when the place is not there yet. */
  names(): AsyncIterable<string>
  /** The whole file or nothing of it; it survives a power cut when the promise resolves. Replaces one of that name. */
  put(name: string, bytes: Uint8Array): Promise<void>
  /** Removes what a `put` that was killed has left half written. */
  sweep(): Promise<void>
  /** Also where it is not there. */
  remove(name: string): Promise<void>
  has(name: string): Promise<boolean>
  bytes(name: string): AsyncIterable<Uint8Array>
}
