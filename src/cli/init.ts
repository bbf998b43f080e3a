import { mkdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { Command } from 'commander'
import example from '../../config.example.yaml' with { type: 'text' }
import exampleFlowJson from '../../flows/repair-booking.json' with { type: 'text' }
import { storeMistake } from '../config/cross-check.ts'
import { fileReason } from '../config/file-reason.ts'
import { type FlowKeyPair, generateFlowKey, randomSecret } from '../config/generate-keys.ts'
import { type NewFile, type WriteResult, writeNewFiles } from '../config/new-files.ts'
import { findUnwritable } from '../config/write-access.ts'
import { fail } from './fail.ts'
import { given } from './given.ts'
import { uploadLine } from './keygen.ts'

const HELP = `
Writes, for the owner's eyes only where it is secret:
  config.yaml                    one complete flow, with every section explained
  flows/repair-booking.json      its Flow JSON, to be put into a flow at Meta
  keys/flow-private.pem          the private key that opens Meta's requests (RSA-2048, encrypted)
  keys/flow-private.passphrase   what it is encrypted with
  keys/flow-public.pem           the public key, to be uploaded to Meta
  keys/pseudonym.key             the key under which phones and e-mails become pseudonyms
  keys/app-secret                a random stand-in for the secret of your Meta app
  data/                          where the journal and the store will be

Nothing is ever overwritten: if any of these files is there, none is written.

Example:
  $ screentrail init my-flows && cd my-flows && screentrail check`

export function initCommand(): Command {
  return new Command('init')
    .description('make a folder ready to serve from: a config to start with, keys, and a place for the data')
    .argument('[folder]', 'where to; made if it is not there', given('the name of a folder'), '.')
    .option(
      '--store <uri>',
      'where events and sessions are kept: sqlite:PATH or mongodb://HOST/DATABASE',
      EMBEDDED_STORE,
    )
    .addHelpText('after', HELP)
    .action(async (folder: string, { store }: { store: string }) => {
      const mistake = await storeMistake(store)
      if (mistake !== undefined) return fail(`--store ${mistake}`)
      const unwritable = await findUnwritable([join(folder, 'config.yaml')])
      if (unwritable) return fail(`screentrail: ${unwritable}`)
      try {
        const written = await initFolder(folder, store)
        if (written.ok) process.stdout.write(nextSteps(folder, written.files))
        else fail(alreadyThere(written.existing))
      } catch (error) {
        fail(`Cannot write to ${folder}: ${fileReason(error)}`)
      }
    })
}

/** Writes a config with its keys and folders, or nothing if any of the files exists. */
export async function initFolder(
  folder: string,
  storeUri = EMBEDDED_STORE,
  key = generateFlowKey(),
): Promise<WriteResult> {
  const written = await writeNewFiles(newFiles(join(folder, 'config.yaml'), storeUri, await key).flat())
  if (written.ok) await makeDataFolder(folder)
  return written
}

/**
 * Writes the config, and its keys unless they exist: Meta may know them. Of a key pair and its passphrase, all or none. Returns the
 * files written.
 */
export async function initMissing(configFile: string, storeUri = EMBEDDED_STORE): Promise<readonly string[]> {
  const files: string[] = []
  for (const together of newFiles(configFile, storeUri, await generateFlowKey())) {
    const written = await writeNewFiles(together)
    if (written.ok) files.push(...written.files)
  }
  await makeDataFolder(dirname(configFile))
  return files
}

/** In groups to write together; the config last, so that it exists only with the rest. */
function newFiles(configFile: string, storeUri: string, pair: FlowKeyPair): readonly (readonly NewFile[])[] {
  const folder = dirname(configFile)
  const file = (path: string, content: string, access: NewFile['access'] = 'secret') => ({
    path: join(folder, path),
    content,
    access,
  })
  const config = example.replace(SCHEMA_LINE, '').replace(EMBEDDED_STORE, () => storeUri)
  return [
    [
      file('keys/flow-private.pem', pair.privatePem),
      file('keys/flow-private.passphrase', `${pair.passphrase}\n`),
      file('keys/flow-public.pem', pair.publicPem, 'public'),
    ],
    [file('keys/pseudonym.key', `${randomSecret()}\n`)],
    [file('keys/app-secret', `${randomSecret()}\n`)],
    // The compiler takes what ends in .json for its content, whatever the import says.
    [file('flows/repair-booking.json', exampleFlowJson as unknown as string, 'public')],
    // People write secrets into it later; the store's address may have a password.
    [file(basename(configFile), config)],
  ]
}

const makeDataFolder = (folder: string) => mkdir(join(folder, 'data'), { recursive: true, mode: 0o700 })

const EMBEDDED_STORE = 'sqlite:data/screentrail.db'

/** Names a file of this repository. */
const SCHEMA_LINE = /^# yaml-language-server:.*\n#\n/

const alreadyThere = (existing: readonly string[]) => `Nothing was written, because this is here already:
${lines(existing)}Move it away, or give another folder: screentrail init FOLDER`

const nextSteps = (folder: string, files: readonly string[]) => `Written:
${lines([...files, join(folder, 'data/')])}
Next${folder === '.' ? '' : `, in ${folder}`}:
  1. Try it without Meta: screentrail serve, and in another terminal screentrail simulate.
  2. Describe your own flow in config.yaml; screentrail check tells what is wrong with it.
  3. Put the secret of your Meta app (App settings, Basic) into keys/app-secret.
  4. Upload the public key, once for each phone number:

${uploadLine('keys/flow-public.pem')}
`

const lines = (items: readonly string[]) => items.map((item) => `  ${item}\n`).join('')
