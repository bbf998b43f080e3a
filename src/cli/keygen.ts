import { join } from 'node:path'
import { Command } from 'commander'
import { fileReason } from '../config/file-reason.ts'
import { type FlowKeyPair, generateFlowKey } from '../config/generate-keys.ts'
import { writeNewFiles } from '../config/new-files.ts'
import { fail } from './fail.ts'
import { given } from './given.ts'

const HELP = `
Nothing is overwritten: beside flow-private.pem the new key becomes flow-private-2.pem, and so on.

To change keys without anyone noticing:
  1. screentrail keygen
  2. Put the new key on top of meta.keys in config.yaml, above the old one, and restart. Both are tried.
  3. Upload the new public key to Meta for every phone number.
  4. Phones fetch it when they meet a request that cannot be opened. Keep the old key for a few weeks, then remove it.

Example:
  $ screentrail keygen --out keys`

export function keygenCommand(): Command {
  return new Command('keygen')
    .description('make a new RSA-2048 key pair for the endpoint, and tell how to bring it into use')
    .option('--out <folder>', 'where to write it', given('the name of a folder'), 'keys')
    .addHelpText('after', HELP)
    .action(async ({ out }: { out: string }) => {
      try {
        const { name, pair } = await writeFlowKey(out)
        process.stdout.write(instructions(out, name, pair))
      } catch (error) {
        fail(`Cannot write to ${out}: ${fileReason(error)}`)
      }
    })
}

/** The command that uploads a public key to Meta. */
export const uploadLine = (publicKey: string) => `curl -X POST \\
  'https://graph.facebook.com/v25.0/PHONE_NUMBER_ID/whatsapp_business_encryption' \\
  -H 'Authorization: Bearer ACCESS_TOKEN' \\
  --data-urlencode "business_public_key@${publicKey}"`

/** Under the first free name: without a number, then with -2, -3, … */
async function writeFlowKey(folder: string): Promise<{ name: string; pair: FlowKeyPair }> {
  const pair = await generateFlowKey()
  for (let number = 1; ; number++) {
    const name = number === 1 ? '' : `-${number}`
    const written = await writeNewFiles([
      { path: join(folder, `flow-private${name}.pem`), content: pair.privatePem, access: 'secret' },
      { path: join(folder, `flow-private${name}.passphrase`), content: `${pair.passphrase}\n`, access: 'secret' },
      { path: join(folder, `flow-public${name}.pem`), content: pair.publicPem, access: 'public' },
    ])
    if (written.ok) return { name, pair }
  }
}

const instructions = (folder: string, name: string, pair: FlowKeyPair) => `Written:
  ${join(folder, `flow-private${name}.pem`)}
  ${join(folder, `flow-private${name}.passphrase`)}
  ${join(folder, `flow-public${name}.pem`)}

${pair.publicPem.trim()}

In config.yaml, newest first; keep the key you have until phones have learned the new one:

meta:
  keys:
    - file: ${join(folder, `flow-private${name}.pem`)}
      passphrase: "\${file:${join(folder, `flow-private${name}.passphrase`)}}"
    # the key you have stays here

Then restart, and upload the public key once for each phone number:

${uploadLine(join(folder, `flow-public${name}.pem`))}
`
