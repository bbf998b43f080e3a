/** What a field can be refused for, in the order it is looked at. */
export const RULES = ['required', 'type', 'in', 'length', 'min', 'max', 'pattern', 'check'] as const
export type Rule = (typeof RULES)[number]
