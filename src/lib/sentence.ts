/** A clause as a sentence of its own. */
export const sentenceOf = (clause: string): string => `${clause.replace(/^./, (first) => first.toUpperCase())}.`
