/** Text that is read from right to left would turn around what stands beside it; so it is set apart, by signs that nobody sees. */
export const isolated = (text: string): string => (TURNS.test(text) ? `\u2068${text}\u2069` : text)

/** Letters of Hebrew, Arabic and their relatives, and the signs that change the direction. */
const TURNS =
  /[\u0590-\u08ff\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u
