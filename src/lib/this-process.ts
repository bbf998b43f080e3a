import { hostname } from 'node:os'

export type ProcessPlace = { readonly host: string; readonly process: number }

export const thisProcess = (): ProcessPlace => ({ host: hostname(), process: process.pid })

/** Whether the process is known to have ended. Of another machine nothing is known. One with our own number is an earlier one. */
export function isProcessGone({ host, process: id }: ProcessPlace): boolean {
  if (host !== hostname()) return false
  try {
    process.kill(id, 0)
    return id === process.pid
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}
