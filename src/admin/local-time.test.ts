import { expect, test } from 'bun:test'
import { createLocalTimeFormat } from './local-time.ts'

test('people read local time, machines UTC', () => {
  const { minute, second, millisecond } = createLocalTimeFormat('Europe/Helsinki')
  const at = Date.parse('2026-03-02T22:05:09.042Z')
  expect(minute(at)).toEqual({ iso: '2026-03-02T22:05:09.042Z', text: '3 Mar 2026, 00:05' })
  expect([second(at).text, millisecond(at).text]).toEqual(['3 Mar 2026, 00:05:09', '00:05:09.042'])
})
