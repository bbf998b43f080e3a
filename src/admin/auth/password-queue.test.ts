import { expect, test } from 'bun:test'
import { createPasswordQueue } from './password-queue.ts'

test('a full line of strangers keeps nobody who is known out, nor waiting behind it', async () => {
  const passwords = createPasswordQueue()
  const ended: string[] = []
  const strangers = Array.from({ length: 10 }, async (_, index) => {
    const result = await passwords.verify(`${index}`, undefined, 'last')
    ended.push(String(result))
  })
  const known = passwords.verify('known', undefined, 'first').then(() => ended.push('known'))
  const owner = passwords.hash('owner').then(() => ended.push('owner'))
  await Promise.all([...strangers, known, owner])
  expect(ended).toEqual(['busy', 'false', 'known', 'owner', ...Array<string>(8).fill('false')])
  expect(await passwords.verify('later', undefined, 'last')).toBe(false)
  passwords.close()
})
