// Durations are stored in hundredths of a millisecond, as whole numbers: a few bytes instead of eight.

export const toHundredths = (ms: number): number => Math.round(ms * 100)
export const fromHundredths = (hundredths: number): number => hundredths / 100
