// The yardstick: a server that opens envelopes and seals a fixed reply, and does nothing else.
// bun bench/bare.ts KEY_FILE PASSPHRASE_FILE

import { openEnvelope, parseEnvelope, sealReply } from '../src/wire/envelope.ts'
import { importFlowKey } from '../src/wire/keys.ts'

const [keyFile = '', passphraseFile = ''] = process.argv.slice(2)
const key = await importFlowKey(await Bun.file(keyFile).text(), (await Bun.file(passphraseFile).text()).trim())
const reply = JSON.stringify({
  version: '3.0',
  screen: 'NEXT',
  data: { slots: [{ id: 'a', title: 'Tuesday, 14:00' }] },
})

const server = Bun.serve({
  port: 0,
  async fetch(request) {
    const envelope = parseEnvelope(await request.text())
    const opened = 'problem' in envelope ? undefined : await openEnvelope(envelope, [key])
    return opened?.ok
      ? new Response(sealReply(opened.text && reply, opened.replyKey))
      : new Response(null, { status: 421 })
  },
})
console.log(`port ${server.port}`)
