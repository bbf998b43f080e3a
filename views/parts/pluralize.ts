import { whole } from '../numbers.ts'

/** `1 event`, `1,204 events`. */
export const pluralize = (count: number, noun: string): string => `${whole(count)} ${noun}${count === 1 ? '' : 's'}`
