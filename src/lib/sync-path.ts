import { closeSync, fsyncSync, openSync } from 'node:fs'

/** New names in the folder outlive a power cut from now on. */
export function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** What is in the file does, too. */
export const syncFile = syncFolder
