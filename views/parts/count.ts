/** `1 event`, `1,204 events`. */
export const counted = (many: number, noun: string): string =>
  `${many.toLocaleString('en')} ${noun}${many === 1 ? '' : 's'}`
