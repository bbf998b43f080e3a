import { Command } from 'commander'
import type { z } from 'zod'
import {
  addAccount,
  changeAccount,
  findAccount,
  listAccounts,
  nameKey,
  removeAccount,
  type StoredAccount,
} from '../admin/auth/accounts.ts'
import { forgetDevices } from '../admin/auth/known-devices.ts'
import { countLogins } from '../admin/auth/login-sessions.ts'
import { dropSetup, passwordLink } from '../admin/auth/one-time-links.ts'
import { hashPassword } from '../admin/auth/password-hash.ts'
import { newName, newPassword } from '../admin/auth/password-rules.ts'
import { publicBase } from '../config/public-url.ts'
import type { Config } from '../config/schema.ts'
import { systemClock } from '../lib/clock.ts'
import { randomId } from '../lib/ids.ts'
import type { AuditKind } from '../store/audit-kinds.ts'
import type { Store } from '../store/store.ts'
import { configOption } from './config-option.ts'
import { withStoreOf } from './open-store.ts'
import { readPassword } from './read-password.ts'

const HELP = `
Works while the server runs, and takes effect with the next click: removing an account, or giving it a new password, logs it
out everywhere at once.

A password is typed at the terminal, or comes as one line on standard input; it is never an argument. With --link a one-time
link is printed instead, under which the person chooses it.

Examples:
  $ screentrail account add grace --link
  $ screentrail account reset-password ada
  $ docker compose exec screentrail screentrail account list`

export function accountCommand(): Command {
  const command = new Command('account')
    .description('list, add and remove the accounts of the admin, and give one a new password')
    .addHelpText('after', HELP)
  const sub = (name: string, description: string) =>
    command
      .command(name)
      .description(description)
      // Commander's own error would quote the excess argument, which may be a password.
      .allowExcessArguments()
      .hook('preAction', (_, { args, registeredArguments }) => {
        if (args.length > registeredArguments.length) throw new Error(TOO_MUCH)
      })
      .addOption(configOption())

  sub('list', 'who has an account').action((options: Options) => withAccounts(options, list))
  sub('add <name>', 'make an account')
    .option('--link', 'print a one-time link under which the person chooses the password')
    .action((name: string, options: Options) => withAccounts(options, (deps) => add(deps, name, options)))
  sub('reset-password <name>', 'give an account a new password; the old one ends, and so does every login')
    .option('--link', 'print a one-time link under which the person chooses the password')
    .action((name: string, options: Options) => withAccounts(options, (deps) => resetPassword(deps, name, options)))
  sub('remove <name>', 'remove an account, and end its logins')
    .option('--last', 'also when it is the last one')
    .action((name: string, options: Options) => withAccounts(options, (deps) => remove(deps, name, options)))
  return command
}

const TOO_MUCH = 'only a name is expected; a password is typed when it is asked for, or comes on standard input'

type Options = { readonly config: string; readonly link?: true; readonly last?: true }

type Deps = {
  readonly store: Store
  readonly clock: typeof systemClock
  readonly randomId: typeof randomId
  readonly server: Config['server']
}

async function withAccounts({ config: file }: Options, work: (deps: Deps) => Promise<string>): Promise<void> {
  await withStoreOf(file, 'make', async ({ config: { server }, store }) => {
    process.stdout.write(await work({ store, clock: systemClock, randomId, server }))
  })
}

async function list(deps: Deps): Promise<string> {
  const accounts = await listAccounts(deps)
  if (accounts.length === 0) return 'There is no account yet; `screentrail account add NAME` makes one.\n'
  const logins = await countLogins(deps, accounts)
  const width = Math.max(...accounts.map(({ name }) => name.length)) + 2
  return accounts
    .map((account) => `${account.name.padEnd(width)}${describe(account, logins.get(account.key) ?? 0)}\n`)
    .join('')
}

function describe({ madeAt, passwordHash }: StoredAccount, logins: number): string {
  const made =
    madeAt === undefined ? 'made by an earlier version' : `made ${new Date(madeAt).toISOString().slice(0, 10)}`
  if (passwordHash === undefined) return `${made}, no password yet`
  return `${made}, ${logins === 1 ? '1 login' : `${logins} logins`}`
}

async function add(deps: Deps, given: string, { link }: Options): Promise<string> {
  const name = checked(newName, given)
  const taken = `there is an account ${nameKey(name)} already`
  if (await findAccount(deps, name)) throw new Error(taken)
  const password = link ? {} : { passwordHash: hashPassword(checked(newPassword, await readPassword(nameKey(name)))) }
  const made = await addAccount(deps, { name, ...password, epoch: deps.randomId(), madeAt: deps.clock() })
  if (!made) throw new Error(taken)
  // The setup link is for the first account only.
  await dropSetup(deps)
  await audit(deps, 'account_added', made.name)
  return `The account ${made.name} is made.\n${link ? await linkText(deps, made) : ''}`
}

async function resetPassword(deps: Deps, name: string, { link }: Options): Promise<string> {
  const account = await existing(deps, name)
  const passwordHash = link ? undefined : hashPassword(checked(newPassword, await readPassword(account.name)))
  const epoch = deps.randomId()
  const changed = await changeAccount(deps, account.key, (present) => ({ ...present, passwordHash, epoch }))
  if (!changed) throw new Error(`the account ${account.name} was removed meanwhile`)
  await dropSetup(deps, changed)
  await forgetDevices(deps, changed.name)
  await audit(deps, 'password_reset', changed.name)
  const ended = `${changed.name} is logged out everywhere, and the old password is no longer good.\n`
  return link ? `${ended}${await linkText(deps, changed)}` : `The password of ${changed.name} is changed. ${ended}`
}

async function remove(deps: Deps, name: string, { last }: Options): Promise<string> {
  const account = await existing(deps, name)
  if (!last && (await listAccounts(deps)).length === 1)
    throw new Error(
      `${account.name} is the last account, and without one nobody can look at the trail; add another first, or say --last`,
    )
  await removeAccount(deps, account.key)
  await dropSetup(deps, account)
  await forgetDevices(deps, account.name)
  await audit(deps, 'account_removed', account.name)
  const next = last ? 'The next start of the server prints a link to a first account, if there is none by then.\n' : ''
  return `The account ${account.name} is removed, and logged out everywhere.\n${next}`
}

async function existing(deps: Deps, name: string): Promise<StoredAccount> {
  const account = await findAccount(deps, name)
  if (account) return account
  const names = (await listAccounts(deps)).map((known) => known.name)
  const there =
    names.length === 0 ? 'there is none yet' : `there ${names.length === 1 ? 'is' : 'are'} ${names.join(', ')}`
  throw new Error(`there is no account ${JSON.stringify(nameKey(name))}; ${there}`)
}

async function linkText(deps: Deps, account: StoredAccount): Promise<string> {
  const base = publicBase(deps.server, deps.server.port)
  return `Choose the password here (works once, within 24 hours):\n  ${await passwordLink(deps, account, base)}\n`
}

const audit = ({ store, clock }: Deps, what: AuditKind, detail: string): Promise<void> =>
  store.audit({ at: clock(), who: 'command line', what, detail })

function checked(rule: z.ZodType<string>, text: string): string {
  const { data, error } = rule.safeParse(text)
  if (data === undefined) throw new Error(error?.issues[0]?.message ?? 'this cannot be used')
  return data
}
