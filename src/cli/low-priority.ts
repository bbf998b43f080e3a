import { constants, setPriority } from 'node:os'

/** A server on this machine comes first. To be called before any thread is started: they inherit it. */
export const workAtLowPriority = (): void => setPriority(constants.priority.PRIORITY_LOW)
