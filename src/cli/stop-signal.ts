import { constants } from 'node:os'

/** Resolves at the first SIGINT or SIGTERM, with the exit code that tells which; the second one ends the process at once. */
export function stopSignal(): Promise<number> {
  return new Promise((resolve) => {
    let asked = false
    const onSignal = (signal: 'SIGINT' | 'SIGTERM') => {
      if (asked) process.exit(130)
      asked = true
      resolve(128 + constants.signals[signal])
    }
    process.on('SIGINT', onSignal)
    process.on('SIGTERM', onSignal)
  })
}
