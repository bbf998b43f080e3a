import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { queryStringOf } from './session-parameters.ts'

test('a query string is read as what it was made of, whatever the values, and nothing is left of what is not there', () => {
  const value = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 8 }),
    fc.constantFrom('', 'a b&c=d#e+f%20', '½ \u{1f642} \ud800'),
    fc.nat(),
  )
  const values = fc.record(
    { flow: value, choice: value, hour: fc.option(value, { nil: undefined }) },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(values, (values) => {
      const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== '')
      const text = queryStringOf(values)
      expect([...new URLSearchParams(text)]).toEqual(given.map(([name, value]) => [name, String(value).toWellFormed()]))
      expect(text.startsWith('?')).toBe(given.length > 0)
    }),
  )
})
