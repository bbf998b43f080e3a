// Makes texts safe for spreadsheets: people can type `=HYPERLINK(…)` into a form, and somebody else opens the file. An apostrophe that
// stands before a formula already gets a second one, so that the text can be had back.

export type Separator = ',' | ';'

/**
 * The text with an apostrophe before what a spreadsheet would run as a formula: at its start, and wherever a new cell would begin
 * if the file were read with another separator than `separator`, or line by line. Such a cell knows nothing of our quotes, so
 * quotes and what cannot be seen may stand between its beginning and the formula.
 */
export function defused(text: string, separator: Separator): string {
  const inside = text.replace(AFTER_OTHER_SEPARATORS[separator], "'$&")
  return AT_THE_START.test(inside) ? `'${inside}` : inside
}

/** The text that `defused` made this of; any other as it is. */
export function undefused(text: string, separator: Separator): string {
  const inside = text.startsWith("'") && AT_THE_START.test(text) ? text.slice(1) : text
  return inside.replace(DEFUSED_AFTER_OTHER_SEPARATORS[separator], '$1')
}

/** `= + - @`, and the signs that Unicode holds for other forms of these: full-width, small, raised, lowered. */
const SIGN = String.raw`[=+\-@\u207A-\u207C\u208A-\u208C\u2212\u2260\u2A75\u2A76\uFB29\uFE62\uFE63\uFE66\uFE6B\uFF0B\uFF0D\uFF1D\uFF20]`

/** White space, controls, marks of zero width such as U+FEFF, the empty Braille pattern; and quotes. */
const SKIPPED = String.raw`[\s\p{C}\p{Default_Ignorable_Code_Point}\u2800"]`

/** Whatever some program ends a line with. */
export const LINE_ENDS = String.raw`\n\r\v\f\x1C-\x1E\x85\u2028\u2029`

/** A formula, and the apostrophes that stand before it. */
const FORMULA = `'*${SIGN}`

// Looking behind from each formula is linear; looking ahead from each separator would be quadratic in a row of tabs.
const after = (separators: string, formula: string): RegExp =>
  new RegExp(String.raw`(?=['${SIGN.slice(1)})(?<=[${separators}\t|${LINE_ENDS}]${SKIPPED}*)${formula}`, 'gu')

const DEFUSED = `'(${FORMULA})`

type BySeparator = { readonly [separator in Separator]: RegExp }
const AFTER_OTHER_SEPARATORS: BySeparator = { ',': after(';', FORMULA), ';': after(',', FORMULA) }
const DEFUSED_AFTER_OTHER_SEPARATORS: BySeparator = { ',': after(';', DEFUSED), ';': after(',', DEFUSED) }

/** A leading tab or line end, too: some programs drop it, and run what follows. */
const AT_THE_START = new RegExp(String.raw`^'*(?:[\t\r\n]|${SKIPPED}*${SIGN})`, 'u')
