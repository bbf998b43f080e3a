// What a process does about RSA, and says of it, on machines with and without OpenSSL.

import { afterEach, beforeEach, expect, test } from 'bun:test'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { clientOf, type Folder, makeFolder } from '../../test/kit.ts'
import { run, type Served, serve } from '../../test/process.ts'

let folder: Folder
let served: Served | undefined
beforeEach(async () => {
  folder = await makeFolder()
  // The loader finds this one first, and nothing in it.
  await writeFile(join(folder.path, 'libcrypto.so.3'), '')
})
afterEach(async () => {
  await served?.stop()
  served = undefined
  await folder.remove()
})

const without = () => ({ LD_LIBRARY_PATH: folder.path })
const doctor = async (env = {}) => (await run(['doctor', '--config', folder.config], folder.path, env)).stdout
const MISSING =
  'meta.rsa asks for OpenSSL, but libcrypto.so.3 is not on this machine, or cannot be loaded; install it (on Debian and Ubuntu the package libssl3), or write `rsa: auto`'

async function ask(rsa: string): Promise<void> {
  const written = await readFile(folder.config, 'utf8')
  await writeFile(folder.config, written.replace(/^meta:$/m, `meta:\n  rsa: ${rsa}`))
}

async function expectAnswers(by: string, because: string): Promise<void> {
  const address = `http://localhost:${served?.port}`
  const client = clientOf(fetch, folder, address)
  const request = { version: '3.0', action: 'INIT', screen: '', data: {}, flow_token: 'somebody' }
  expect((await client.send('repair-booking', request)).status).toBe(200)
  expect(served?.output().match(/RSA is done [^"]+/g)).toEqual([expect.stringContaining(because)])
  expect(await (await fetch(`${address}/metrics`)).text()).toContain(`\nscreentrail_rsa_info{by="${by}"} 1\n`)
}

test('without OpenSSL, WebCrypto answers; the log, the doctor and the metrics say so', async () => {
  served = await serve(folder, [], [], without())
  const because = 'RSA is done by WebCrypto: libcrypto.so.3 is not on this machine, or cannot be loaded'
  await expectAnswers('webcrypto', because)
  expect(await doctor(without())).toMatch(new RegExp(`^ok +rsa +${because.replace('RSA ', '')}$`, 'm'))
})

test('OpenSSL that is asked for and missing ends the start with what to do', async () => {
  await ask('openssl')
  await expect(serve(folder, [], [], without())).rejects.toThrow(MISSING)
  expect(await doctor(without())).toContain(MISSING)
})

test('WebCrypto that is asked for answers, with OpenSSL on the machine or not', async () => {
  await ask('webcrypto')
  served = await serve(folder)
  await expectAnswers('webcrypto', 'RSA is done by WebCrypto, as meta.rsa says')
})

test('OpenSSL that is asked for answers, where the machine has it', async () => {
  await ask('openssl')
  if (!process.env.REQUIRE_OPENSSL && (await doctor()).includes(MISSING))
    return process.stderr.write(`skipped: ${MISSING}\n`)
  served = await serve(folder)
  await expectAnswers('openssl', 'RSA is done by OpenSSL 3.')
  expect(await doctor()).toMatch(/^ok +rsa +is done by OpenSSL 3\.\S+, as meta\.rsa says$/m)
})
