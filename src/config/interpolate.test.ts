// What a config takes from the environment and from files.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: `${…}` is what the config reads, not a slip.

import { expect, test } from 'bun:test'
import { writeFile } from 'node:fs/promises'
import { configFolder, FLOWS, KEY, META } from '../../test/config-folder.ts'

const { fileOf, good, mistakesOf } = configFolder()

const accept = async (text: string, env = {}) => {
  const { flows } = await good(`${META}flows: { a: { start: A, screens: { A: { data: { x: ${text} } } } } }\n`, env)
  const entry = flows.get('a')?.screens.get('A')?.data[0]
  return entry?.value.kind === 'fixed' ? entry.value.value : undefined
}

test.each([
  ['a variable', '"${ONE}"', 'first'],
  ['several in one text', '"<${ONE}-${TWO}>"', '<first-${ONE}>'],
  ['an empty variable', '"[${EMPTY}]"', '[]'],
  ['an escaped reference', '"$${ONE}"', '${ONE}'],
  ['an escape next to a reference', '"$${${ONE}}"', '${first}'],
  ['a file, without the white space around its text', '"${file:note.txt}"', 'from a file'],
  ['references in lists and mappings', '[{ y: "${ONE}" }]', [{ y: 'first' }]],
  ['dollars and braces that are no reference', '"$5 {x} $x"', '$5 {x} $x'],
])('takes %s', async (_, text, value) => {
  await writeFile(fileOf('note.txt'), '\n  from a file \n')
  expect(await accept(text, { ONE: 'first', TWO: '${ONE}', EMPTY: '' })).toEqual(value)
})

test('takes a number where one belongs, and text that looks like one where text belongs', async () => {
  const { config } = await good(
    `server: { port: "\${PORT}" }\nmeta: { app_secrets: ["\${SECRET}"], keys: [${KEY}] }\n${FLOWS}`,
    {
      PORT: '9090',
      SECRET: '12345',
    },
  )
  expect(config.server.port).toBe(9090)
  expect(config.meta.app_secrets).toEqual(['12345'])
})

test.each([
  ['"${NOPE}"', 'the environment variable NOPE is not set'],
  ['"${file:nope.txt}"', 'cannot read the file of ${file:nope.txt}: there is no such file'],
  ['"${file:keys}"', 'cannot read the file of ${file:keys}: it is a folder; name the file itself'],
  ['"${a b}"', 'expected ${NAME} or ${file:path}, found ${a b}; write $${ for a plain ${'],
  ['"${NOPE"', 'expected ${NAME} or ${file:path}, found ${NOPE; write $${ for a plain ${'],
])('says of %s what is wrong, once', async (text, message) => {
  expect(await mistakesOf(`${META}${FLOWS}server: { timezone: ${text} }\n`)).toEqual([`3:21 ${message}`])
})
