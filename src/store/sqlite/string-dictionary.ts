import type { Database } from 'bun:sqlite'

/** Strings as small numbers. Add new ones only within the transaction that stores their use. */
export type StringDictionary = ReturnType<typeof createStringDictionary>

export function createStringDictionary(db: Database) {
  const byWord = db.prepare<{ id: number }, [string]>('SELECT id FROM words WHERE word = ?')
  const byId = db.prepare<{ word: string }, [number]>('SELECT word FROM words WHERE id = ?')
  const add = db.prepare<{ id: number }, [string]>('INSERT INTO words (word) VALUES (?) RETURNING id')
  const ids = new Map<string, number>()
  const words = new Map<number, string>()

  const remember = (word: string, id: number) => {
    if (ids.size >= REMEMBERED) forget()
    ids.set(word, id)
    words.set(id, word)
  }
  const forget = () => {
    ids.clear()
    words.clear()
  }
  const find = (word: string) => {
    const known = ids.get(word) ?? byWord.get(word)?.id
    if (known !== undefined && !ids.has(word)) remember(word, known)
    return known
  }

  return {
    /** Undefined for a word that was never stored. */
    find,
    /** To be called after a rollback, which removes the words that it added. */
    forget,
    /** Adds a new word. */
    idOf(word: string): number {
      const known = find(word)
      if (known !== undefined) return known
      const { id } = add.get(word) as { id: number }
      remember(word, id)
      return id
    },
    wordOf(id: number): string {
      const known = words.get(id)
      if (known !== undefined) return known
      const { word } = byId.get(id) as { word: string }
      remember(word, id)
      return word
    },
  }
}

/** Real installations have some hundreds; the rest is what strangers make up. */
const REMEMBERED = 10_000
