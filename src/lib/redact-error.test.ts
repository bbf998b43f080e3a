import { expect, test } from 'bun:test'
import { redactError } from './redact-error.ts'

test('tells where it was, and nothing of what the message quotes, even in the form of a place', () => {
  const error = new TypeError('Unexpected "Ana Silva"\n    at Ana (file.ts:1)\n    at Silva')
  const fault = redactError(error)
  expect(fault.name).toBe('TypeError')
  expect(fault.at[0]).toContain('redact-error.test.ts')
  expect(JSON.stringify(fault)).not.toMatch(/Ana|Silva/)
})

test.each([[undefined], ['Ana'], [{ message: 'Ana' }], [null]])(
  'what is no error is no more than that: %p',
  (thrown) => {
    expect(JSON.stringify(redactError(thrown))).not.toContain('Ana')
  },
)
