// `account` as people run it, beside a server that is up, and what becomes of the browsers that are logged in to it.

import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { type Folder, makeFolder } from '../../test/kit.ts'
import { run, type Served, serve, start } from '../../test/process.ts'
import { dropStore, stores } from '../../test/stores.ts'
import { until } from '../../test/until.ts'
import { createLog } from '../lib/log.ts'
import { openStore } from '../store/open.ts'

describe.each(stores)('beside a server on %s', (name, addressOf) => {
  let uri: string
  let folder: Folder
  let served: Served
  beforeEach(async () => {
    uri = addressOf()
    folder = await makeFolder(undefined, uri)
    served = await serve(folder)
  })
  afterEach(async () => {
    await served.kill()
    await dropStore(uri)
    await folder.remove()
  })

  const account = async (args: readonly string[], input = '') => {
    const { stdout, stderr, code } = await run(['account', ...args], folder.path, {}, input)
    return { code, said: stdout + stderr }
  }
  const send = (path: string, form?: Record<string, string>, cookie = '') =>
    fetch(`http://localhost:${served.port}${path}`, {
      redirect: 'manual',
      headers: { cookie, 'sec-fetch-site': 'same-origin' },
      ...(form && { method: 'POST', body: new URLSearchParams(form) }),
    })
  const login = (name: string, password: string) => send('/admin/login', { name, password })
  const cookieOf = (reply: Response) => reply.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  const isIn = async (cookie: string) => (await send('/admin/account', undefined, cookie)).status === 200

  // What both stores keep is the same contract; on each, one walk through it is enough.
  const onSqlite = test.skipIf(name !== 'sqlite')

  onSqlite(
    'a new password ends the logins of its account, and of no other',
    async () => {
      expect(await account(['add', 'Ada'], `${FIRST}\n`)).toEqual({ code: 0, said: 'The account ada is made.\n' })
      expect((await account(['add', ' ADA'], `${FIRST}\n`)).said).toContain('there is an account ada already')
      expect((await account(['add', 'grace'], `${SECOND}\r\n`)).code).toBe(0)
      const [ada, grace] = [cookieOf(await login('ada', FIRST)), cookieOf(await login('Grace', SECOND))]
      expect([await isIn(ada), await isIn(grace)]).toEqual([true, true])
      expect((await account(['list'])).said).toMatch(
        /^ada {4}made \d{4}-\d\d-\d\d, 1 login\ngrace {2}made [\d-]+, 1 login\n$/,
      )

      expect((await account(['reset-password', 'ada'], THIRD)).code).toBe(0)
      expect([await isIn(ada), await isIn(grace)]).toEqual([false, true])
      expect([(await login('ada', FIRST)).status, (await login('ada', THIRD)).status]).toEqual([401, 303])
    },
    120_000,
  )

  test('a removed account is out at once, and made anew it has none of the old logins; the last one stays', async () => {
    await account(['add', 'ada'], FIRST)
    const ada = cookieOf(await login('ada', FIRST))
    expect(await account(['remove', 'ada'])).toEqual({ code: 1, said: expect.stringContaining('the last account') })
    expect(await isIn(ada)).toBe(true)
    expect((await account(['remove', 'ada', '--last'])).code).toBe(0)
    expect([await isIn(ada), (await login('ada', FIRST)).status]).toEqual([false, 401])
    await account(['add', 'ada'], FIRST)
    expect(await isIn(ada)).toBe(false)
    expect(await audits()).toEqual(['account_added ada', 'account_removed ada', 'account_added ada'])
  }, 120_000)

  onSqlite(
    'a link lets the person choose the password once, and only the newest',
    async () => {
      const linkIn = (said: string) => {
        const { pathname, search, searchParams } = new URL(/https?:\S+/.exec(said)?.[0] as string)
        const form = { ...Object.fromEntries(searchParams), name: 'ada', password: FIRST, again: FIRST }
        return { path: pathname + search, form: form as Record<string, string> }
      }
      const old = linkIn((await account(['add', 'ada', '--link'])).said)
      expect((await login('ada', '')).status).toBe(422)
      expect((await login('ada', 'undefined')).status).toBe(401)
      expect((await account(['list'])).said).toContain('no password yet')
      const link = linkIn((await account(['reset-password', 'ada', '--link'])).said)
      expect((await send('/admin/setup', old.form)).status).toBe(403)
      expect(await (await send(link.path)).text()).toContain('Choose a password')

      expect((await send('/admin/setup', { ...link.form, account: 'grace' })).status).toBe(403)
      expect((await send('/admin/setup', { ...link.form, again: 'not the same' })).status).toBe(422)
      const chosen = await send('/admin/setup', link.form)
      expect([chosen.status, await isIn(cookieOf(chosen))]).toEqual([303, true])
      expect((await send('/admin/setup', link.form)).status).toBe(403)
      expect((await login('ada', FIRST)).status).toBe(303)
      expect((await account(['reset-password', 'ada', '--link'])).code).toBe(0)
      expect(await isIn(cookieOf(chosen))).toBe(false)
      expect((await login('ada', FIRST)).status).toBe(401)
    },
    120_000,
  )

  onSqlite(
    'the link to the first account ends when there is one',
    async () => {
      const LINK = /setup\?token=(\S+)/
      await until('the link is printed', () => LINK.test(served.output()))
      const token = LINK.exec(served.output())?.[1] as string
      await account(['add', 'ada'], FIRST)
      const form = { token, name: 'mallory', password: SECOND, again: SECOND }
      expect((await send('/admin/setup', form)).status).toBe(403)
      expect((await account(['remove', 'ada', '--last'])).code).toBe(0)
      expect((await send('/admin/setup', form)).status).toBe(403)
    },
    120_000,
  )

  /** What the command line did, newest first. */
  async function audits(): Promise<string[]> {
    const store = await openStore((await folder.load()).config.store.uri, createLog('silent'))
    const entries = await store.audits(50)
    await store.close()
    return entries.filter(({ who }) => who === 'command line').map(({ what, detail }) => `${what} ${detail}`)
  }
})

describe('without a server', () => {
  let folder: Folder
  beforeEach(async () => {
    folder = await makeFolder()
  })
  afterEach(() => folder.remove())

  test('a password typed at the terminal is asked for twice, and never shown', async () => {
    const add = start(['account', 'add', 'ada'], folder.path)
    await until('it asks', () => add.output().includes('Password for ada: '))
    add.type(`${FIRST}x\u007f\r`)
    await until('it asks again', () => add.output().includes('The same again: '))
    add.type(`${FIRST}\r`)
    expect(await add.ended).toBe(0)
    expect(add.output()).toContain('The account ada is made.')
    for (const part of ['long', 'pass', '*', 'x']) expect(add.output().replace('Password', '')).not.toContain(part)
  })

  test.each([
    ['two that differ', [`${FIRST}\r`, `${FIRST}!\r`], 'the two passwords are not the same'],
    ['ctrl-C', ['abc\u0003'], 'no password was given'],
    ['ctrl-D', ['\u0004'], 'no password was given'],
  ])('nothing is done after %s', async (_, typed, said) => {
    const add = start(['account', 'add', 'ada'], folder.path)
    for (const [index, text] of typed.entries()) {
      await until('it asks', () => add.output().includes(['Password for ada: ', 'The same again: '][index] as string))
      add.type(text)
    }
    expect(await add.ended).toBe(1)
    expect(add.output()).toContain(said)
    expect((await run(['account', 'list'], folder.path)).stdout).toContain('no account yet')
  })

  test.each([
    ['a password as an argument', ['add', 'ada', 'my-secret-words'], FIRST, /only a name is expected/],
    ['a short password', ['add', 'ada'], 'nine char', /at least 10 characters/],
    ['no password', ['add', 'ada'], '', /no password came on standard input/],
    ['an empty name', ['add', ' '], FIRST, /Enter a name/],
    ['a name that cannot be seen', ['add', 'a\u202eb'], FIRST, /cannot be seen/],
    ['nobody', ['reset-password', 'ada'], FIRST, /there is no account "ada"; there is none yet/],
    ['nobody to remove', ['remove', '$ne'], '', /there is no account "\$ne"/],
  ])('%s is refused in a sentence', async (_, args, input, said) => {
    const { stdout, stderr, code } = await run(['account', ...args], folder.path, {}, input)
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(said)
    expect(stderr).not.toContain('my-secret-words')
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
  })
})

const [FIRST, SECOND, THIRD] = ['a long pass', 'three blind mice', 'another long one']
