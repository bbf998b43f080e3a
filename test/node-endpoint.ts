// The endpoint of `test/tap`, as a business has it without Screentrail, and what stands in the config of a tap before it.

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Answering } from './flows-kit.ts'
import type { Folder } from './kit.ts'
import { listening } from './listening.ts'

/** The Node of the machine; undefined when there is none, unless one is required. */
export function findNode(): string | undefined {
  const found = Bun.which('node') ?? undefined
  if (found === undefined && process.env.REQUIRE_NODE) throw new Error('REQUIRE_NODE is set, and there is no node')
  return found
}

/** With the key and the app secret of the folder. */
export async function startEndpoint(node: string, { path, appSecret }: Folder, apis: string) {
  const key = join(path, 'keys/flow-private')
  const passphrase = (await readFile(`${key}.passphrase`, 'utf8')).trim()
  const command = [node, join(import.meta.dir, 'tap/endpoint.mjs'), '--key', `${key}.pem`, '--apis', apis]
  const { port, stop } = await listening(command, { META_APP_SECRET: appSecret, FLOW_KEY_PASSPHRASE: passphrase })
  return { url: `http://127.0.0.1:${port}/`, stop }
}

export const tapped =
  (node: string): Answering =>
  async (_, apis, folder) => {
    const { url, stop } = await startEndpoint(node, folder, apis)
    return { config: loanBehind(url), stop }
  }

/** What the trail is to say of the flow `loan` beside its Flow JSON: for which field somebody is refused, and which end counts. */
export const loanBehind = (url: string) => `
tap: { url: "${url}" }
screens:
  DETAILS:
    fields:
      payment_mode: { type: choice, in: [wallet, bank], required: { expr: $not($exists(known.payment_mode)) } }
      wallet_number:
        type: text
        required: { expr: known.payment_mode = 'wallet' }
        check: "known.payment_mode = 'bank' or $exists($match(value, /^[0-9]{10}$/))"
        keep: mask
      account_number: { type: text, required: { expr: known.payment_mode = 'bank' }, keep: mask }
  COMPLETE: { ends: completed }
  NO_OFFER: { ends: unfinished }
`
