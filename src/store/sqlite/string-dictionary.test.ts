import { Database } from 'bun:sqlite'
import { expect, test } from 'bun:test'
import { MIGRATIONS } from './schema.ts'
import { createStringDictionary } from './string-dictionary.ts'

function emptyTables(): Database {
  const db = new Database(':memory:', { strict: true })
  for (const step of MIGRATIONS) step(db)
  return db
}

test('a word has one number, whoever asks', () => {
  const db = emptyTables()
  const [one, two] = [createStringDictionary(db), createStringDictionary(db)]
  expect(one.find('DATE_TIME')).toBeUndefined()
  const id = one.idOf('DATE_TIME')
  expect(one.idOf('CONTACT_INFO')).not.toBe(id)
  expect([one.idOf('DATE_TIME'), two.find('DATE_TIME'), two.idOf('DATE_TIME')]).toEqual([id, id, id])
  expect([one.wordOf(id), two.wordOf(id)]).toEqual(['DATE_TIME', 'DATE_TIME'])
})

test('a word that was taken in with a transaction that failed is taken in again', () => {
  const db = emptyTables()
  const words = createStringDictionary(db)
  const failing = db.transaction(() => {
    words.idOf('DATE_TIME')
    throw new Error('disk full')
  })
  expect(() => failing.immediate()).toThrow('disk full')
  words.forget()
  expect(words.find('DATE_TIME')).toBeUndefined()
  expect(createStringDictionary(db).wordOf(words.idOf('DATE_TIME'))).toBe('DATE_TIME')
})

test('more words than are remembered are still all known', () => {
  const words = createStringDictionary(emptyTables())
  const many = Array.from({ length: 10_050 }, (_, index) => `word ${index}`)
  const ids = many.map(words.idOf)
  expect(ids.map(words.wordOf)).toEqual(many)
  expect(many.map(words.find)).toEqual(ids)
})
