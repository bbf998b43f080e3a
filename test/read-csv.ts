// Reading CSV as programs do: quotes count only at the beginning of a cell, and what follows the closing one belongs to the cell.

/** `separators`: any number of characters, each of which ends a cell. */
export function readCsv(text: string, separators: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  let place = 0
  while (place < text.length) {
    const [cell, end] = readCell(text, place, separators)
    row.push(cell)
    place = end
    if (place < text.length && separators.includes(text[place] as string)) {
      place++
      if (place === text.length) row.push('')
      continue
    }
    place += text.startsWith('\r\n', place) ? 2 : 1
    rows.push(row)
    row = []
  }
  if (row.length > 0) rows.push(row)
  return rows
}

function readCell(text: string, start: number, separators: string): [cell: string, end: number] {
  let cell = ''
  let place = start
  if (text[place] === '"')
    for (place++; place < text.length; place++) {
      if (text[place] === '"' && text[++place] !== '"') break
      cell += text[place]
    }
  while (place < text.length && !`${separators}\r\n`.includes(text[place] as string)) cell += text[place++]
  return [cell, place]
}
