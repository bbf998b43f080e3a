import type { Database } from 'bun:sqlite'

/** Names as small numbers. Ask for new ones only within the transaction that stores what uses them. */
export type StringDictionary = {
  /** Takes the word in when it is new. */
  idOf(word: string): number
  /** Undefined for a word that nothing was ever stored with. */
  find(word: string): number | undefined
  wordOf(id: number): string
  /** After a rollback: what was taken in with it is gone. */
  forget(): void
}

export function createStringDictionary(db: Database): StringDictionary {
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
    find,
    forget,
    idOf(word) {
      const known = find(word)
      if (known !== undefined) return known
      const { id } = add.get(word) as { id: number }
      remember(word, id)
      return id
    },
    wordOf(id) {
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
