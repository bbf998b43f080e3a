// A data endpoint as a business has it without Screentrail, in the manner of Meta's public sample: plain Node, and a key that is parsed
// anew at each request. The protocol stands here, the business in loan.mjs.
import crypto from 'node:crypto'
import fs from 'node:fs'
import http from 'node:http'
import { parseArgs } from 'node:util'
import { loanDesk } from './loan.mjs'

const { values: options } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    key: { type: 'string' },
    apis: { type: 'string', default: 'http://127.0.0.1:27400' },
  },
})
const { FLOW_KEY_PASSPHRASE: passphrase, META_APP_SECRET: appSecret } = process.env
if (!options.key || !appSecret) {
  console.error(
    'usage: META_APP_SECRET=… FLOW_KEY_PASSPHRASE=… node endpoint.mjs --key PRIVATE.pem [--port P] [--apis URL]',
  )
  process.exit(2)
}
const pem = fs.readFileSync(options.key, 'utf8')
const answer = loanDesk(options.apis)

/** Gives what goes back: { status, text }. */
async function respond(headers, raw) {
  if (!isSigned(headers['x-hub-signature-256'] ?? '', raw)) return { status: 432, text: '' }
  const opened = open(raw)
  if (!opened) return { status: 421, text: '' }
  const { status = 200, ...reply } = await answered(opened.request)
  return { status, text: seal(opened, reply) }
}

function isSigned(signature, raw) {
  const expected = Buffer.from(`sha256=${crypto.createHmac('sha256', appSecret).update(raw).digest('hex')}`)
  const came = Buffer.from(signature)
  return came.length === expected.length && crypto.timingSafeEqual(came, expected)
}

/** The request with the AES key and IV it came under; undefined when it cannot be decrypted. */
function open(raw) {
  try {
    const { encrypted_flow_data, encrypted_aes_key, initial_vector } = JSON.parse(raw.toString())
    const key = crypto.privateDecrypt(
      {
        key: crypto.createPrivateKey({ key: pem, passphrase }),
        padding: crypto.constants.RSA_PKCS1_OAEP_PADDING,
        oaepHash: 'sha256',
      },
      Buffer.from(encrypted_aes_key, 'base64'),
    )
    const iv = Buffer.from(initial_vector, 'base64')
    const data = Buffer.from(encrypted_flow_data, 'base64')
    const decipher = crypto.createDecipheriv('aes-128-gcm', key, iv, { authTagLength: 16 })
    decipher.setAuthTag(data.subarray(-16))
    const text = Buffer.concat([decipher.update(data.subarray(0, -16)), decipher.final()]).toString()
    return { request: JSON.parse(text), key, iv }
  } catch {
    return undefined
  }
}

function seal({ key, iv }, reply) {
  const cipher = crypto.createCipheriv(
    'aes-128-gcm',
    key,
    iv.map((byte) => ~byte),
  )
  return Buffer.concat([cipher.update(JSON.stringify(reply)), cipher.final(), cipher.getAuthTag()]).toString('base64')
}

async function answered(request) {
  if (request.action === 'ping') return { data: { status: 'active' } }
  if (request.data?.error !== undefined) return { data: { acknowledged: true } }
  return answer(request)
}

const server = http.createServer(async (request, response) => {
  try {
    const chunks = []
    for await (const chunk of request) chunks.push(chunk)
    const { status, text } = await respond(request.headers, Buffer.concat(chunks))
    response.writeHead(status, { 'content-type': 'text/plain' }).end(text)
  } catch (error) {
    console.error(error)
    response.writeHead(500).end()
  }
})
server.listen(Number(options.port), '127.0.0.1', () => console.log(server.address().port))
