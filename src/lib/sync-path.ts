import { closeSync, fsyncSync, openSync } from 'node:fs'

/** New names in the folder outlive a power cut from now on; of a file, what is in it. */
export function syncPath(path: string): void {
  const descriptor = openSync(path, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
