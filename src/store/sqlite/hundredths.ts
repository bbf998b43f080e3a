// Durations are kept to a hundredth of a millisecond, as whole numbers: a few bytes each instead of eight.

export const toHundredths = (ms: number): number => Math.round(ms * 100)
export const fromHundredths = (hundredths: number): number => hundredths / 100
