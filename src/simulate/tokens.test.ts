import { expect, test } from 'bun:test'
import { flowOf } from '../../test/flow-of.ts'
import { seededRandom } from './random.ts'
import { tokenFor } from './tokens.ts'

const token = (accept: string | undefined, pattern?: string) => {
  const tokens = accept === undefined ? '' : `tokens: { accept: ${JSON.stringify(accept)} }\n`
  return tokenFor(flowOf(`${tokens}start: A\nscreens: { A: {} }`), 'p-1', pattern, seededRandom('tokens'))
}

test.each([
  [undefined, 'p-1'],
  ["$contains(token, '-')", 'p-1'],
  ["$substring(token, 0, 5) = 'pens:'", 'pens:p-1'],
  ["$substringAfter(token, '-1') = '.b'", 'p-1.b'],
  ['$contains(token, /^order-/)', 'order-p-1'],
  ['$exists($match(token, /^ab$/))', 'ab'],
  // Nothing that stands in it helps.
  ['$length(token) = 500', 'p-1'],
])('where %j is accepted', async (accept, expected) => expect(await token(accept)).toBe(expected))

test('as the profile says', async () => {
  expect(await token("$contains(token, '-')", 'x-{person}-{person}')).toBe('x-p-1-p-1')
})
