// Numbers as pages and charts write them.

/** With fewer decided sessions, visits or requests than this a share is drawn grey: it says little. */
export const FEW = 30

export const whole = (count: number): string => WHOLE.format(count)

/** `26%`; one decimal where whole numbers would round to nothing or to everything. */
export function percent(share: number): string {
  if (share > 0 && share < 0.001) return '<0.1%'
  return (share < 0.1 || share > 0.99 ? PRECISE : ROUNDED).format(share)
}

/** The share of a whole that may be empty. */
export const shareOf = (count: number, of: number): number => (of > 0 ? count / of : 0)

/** A share of the width, as SVG takes it. */
export const along = (share: number): string => `${Number((100 * share).toFixed(3))}%`

const WHOLE = new Intl.NumberFormat('en')
const ROUNDED = new Intl.NumberFormat('en', { style: 'percent' })
const PRECISE = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 })
