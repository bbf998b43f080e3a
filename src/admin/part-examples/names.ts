// Names that charts must be able to show, and numbers that look like chance but are always the same.

export const LONG = 'Please tell us which of our workshops you would like to visit'
export const ARABIC = 'اختر موعدًا يناسبك لإصلاح سيارتك'
export const HEBREW = 'בחירת תאריך ושעה'

/** Numbers from 0 to below 1, the same ones for each seed. Park and Miller’s generator. */
export function createDice(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}
