// A real spreadsheet for tests, where one is installed.

import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** LibreOffice's file: `SOFFICE` when set, else the usual place; undefined when there is none, unless one is required. */
export function findSoffice(): string | undefined {
  const found = [process.env.SOFFICE, '/usr/bin/soffice'].find((file) => file !== undefined && existsSync(file))
  if (found === undefined && process.env.REQUIRE_SOFFICE)
    throw new Error('REQUIRE_SOFFICE is set, and there is no LibreOffice in $SOFFICE or at /usr/bin/soffice')
  return found
}

/** What Calc made of a cell: the text it shows, and the formula where it is one. */
export type CalcCell = { readonly text: string; readonly formula?: string }

/** Opens CSV files in Calc with these separators, all that may make more of a cell than a text switched on; gives their rows. */
export async function openInCalc(
  soffice: string,
  files: readonly string[],
  separators: string,
  folder: string,
): Promise<CalcCell[][][]> {
  const out = join(folder, 'out')
  await mkdir(out, { recursive: true })
  const paths = files.map((_, index) => join(folder, `${index}.csv`))
  for (const [index, file] of files.entries()) await writeFile(paths[index] as string, file)

  const codes = [...separators].map((separator) => separator.charCodeAt(0)).join('/')
  const child = Bun.spawn(
    [
      soffice,
      // Two of them cannot share a profile.
      `-env:UserInstallation=file://${join(folder, 'profile')}`,
      '--headless',
      `--infilter=CSV:${codes},${IMPORT}`,
      ...['--convert-to', 'fods', '--outdir', out],
      ...paths,
    ],
    { stdout: 'ignore', stderr: 'pipe' },
  )
  const [complaints, code] = await Promise.all([new Response(child.stderr).text(), child.exited])
  if (code !== 0) throw new Error(`soffice ended with ${code}: ${complaints}`)
  return Promise.all(files.map(async (_, index) => rowsIn(await readFile(join(out, `${index}.fods`), 'utf8'))))
}

/** Quotes, UTF-8, from the first line, any columns, no language, quoted cells may be other than text, special numbers count. */
const IMPORT = '34,76,1,,0,false,true'

const rowsIn = (fods: string): CalcCell[][] =>
  [...fods.matchAll(/<table:table-row[^>]*>(.*?)<\/table:table-row>/gs)].map(([, row = '']) =>
    [...row.matchAll(/<table:table-cell([^>]*?)(?:\/>|>(.*?)<\/table:table-cell>)/gs)].flatMap(
      ([, attributes = '', content = '']) => {
        const formula = /table:formula="([^"]*)"/.exec(attributes)?.[1]
        const repeated = Number(/table:number-columns-repeated="(\d+)"/.exec(attributes)?.[1] ?? 1)
        // Beyond the last column Calc has thousands of empty ones.
        return Array<CalcCell>(Math.min(repeated, 100)).fill({ text: textIn(content), ...(formula && { formula }) })
      },
    ),
  )

const textIn = (content: string): string =>
  [...content.matchAll(/<text:p>(.*?)<\/text:p>/gs)]
    .map(([, line = '']) => line.replace(/<text:tab\/>/g, '\t').replace(/<[^>]*>/g, ' '))
    .join('\n')
    .replace(/&(lt|gt|quot|apos|amp);/g, (_, name: string) => ENTITIES[name] ?? '')

const ENTITIES: { readonly [name: string]: string } = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' }
