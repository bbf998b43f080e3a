import { describe, expect, test } from 'bun:test'
import { flowOf } from '../../test/flow-of.ts'
import { formsOfToken, keptToken } from './flow-token.ts'

const KEY = 'a key that lives elsewhere'
const PSEUDONYM = /^h:[\w-]{22}$/

const flow = (tokens = '') => flowOf(`{ start: A, screens: { A: {} }${tokens && `, tokens: ${tokens}`} }`)
const plain = flow()

describe('a token in which a phone number, a card or an e-mail address can stand is a pseudonym', () => {
  test.each([
    '+351912345678',
    '351912345678',
    'order-351912345678',
    'user351912345678',
    'wa_351912345678_2026',
    '+351 912 345 678',
    '(351) 912-345-678',
    '351.912.345.678',
    '351 – 912 – 345678',
    '３５１９１２３４５６７８',
    '٣٥١٩١٢٣٤٥٦٧٨',
    '%2B351%20912345678',
    '5550109',
    '4111 1111 1111 1111',
    'ana@example.com',
    'ana＠example.com',
    'ana%40example.com',
    '00000000-0000-0000-0000-351912345678',
    '35191234-5678-4000-8000-000000000000',
    'face351912345678',
    'deadbeef-351912345678',
    '2026-03-02-351912',
    // What looks like one of our pseudonyms is nobody else's.
    `h:${'a'.repeat(22)}`,
  ])('%s', (token) => {
    const kept = keptToken(token, plain, KEY)
    expect(kept).toMatch(PSEUDONYM)
    expect(kept).not.toBe(token)
    expect(keptToken(token, plain, KEY)).toBe(kept)
    expect(keptToken(token, plain, 'another key')).not.toBe(kept)
    expect(keptToken(token, flow('{ keep: keep }'), KEY)).toBe(token)
  })
})

describe('any other is as it came', () => {
  test.each([
    '',
    'unused',
    'campaign-2026',
    'order-123456',
    'f_9c1e',
    '3fa85f64-5717-4562-b3fc-2c963f66afa6',
    '01ARZ3NDEKTSV4RRFFQ69G5FAV',
    '01JD8Z3Y5N1234567ABCDEFGHK',
    '507f1f77bcf86cd799439011',
    '9e107d9d372bb6826bd81d3542a419d6',
    'booking:2026-03-02T10:00:00Z',
    'V1StGXR8_Z5jdHi6B-myT',
    'sim-qZ3k_1aB-17',
    'ana-silva',
  ])('%s', (token) => expect(keptToken(token, plain, KEY)).toBe(token))
})

test('a token of nothing but marks, in no order, is told from a number as quickly as any other', () => {
  const marks = '\u0301\u0316'.repeat(2_000)
  for (let times = 0; times < 200; times++) {
    expect(keptToken(marks, plain, KEY)).toBe(marks)
    expect(keptToken(`${marks}912345678`, plain, KEY)).toMatch(PSEUDONYM)
  }
})

describe('where the config says so', () => {
  test('every token is a pseudonym, but for none', () => {
    const hashed = flow('{ keep: hash }')
    expect(keptToken('order-1', hashed, KEY)).toMatch(PSEUDONYM)
    expect(['', 'unused'].map((token) => keptToken(token, hashed, KEY))).toEqual(['', 'unused'])
  })

  test('two ways of writing a number are two tokens', () => {
    expect(keptToken('+351 912345678', plain, KEY)).not.toBe(keptToken('+351912345678', plain, KEY))
  })
})

describe('looking for a token', () => {
  const hashed = flow('{ keep: hash }')
  const pseudonym = keptToken('order-1', hashed, KEY)

  test('finds it whatever the config was when it was stored, and tells it as the config says', () => {
    expect(formsOfToken('order-1', [plain], KEY)).toEqual(['order-1', pseudonym])
    expect(formsOfToken('order-1', [plain, hashed], KEY)).toEqual([pseudonym, 'order-1'])
  })

  test('a pseudonym that was copied from a page is looked for as it is', () => {
    expect(formsOfToken(pseudonym, [plain, hashed], KEY)[0]).toBe(pseudonym)
  })
})
