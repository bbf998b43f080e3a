// A server that speaks S3, on a folder of its own. It runs on Node, and numbers the pages of its lists by a cipher of old.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const S3RVER = join(import.meta.dir, '../node_modules/s3rver/bin/s3rver.js')

export type S3 = {
  readonly access: { readonly accessKeyId: string; readonly secretAccessKey: string; readonly endpoint: string }
  /** The same, as a process has it in its environment. */
  readonly env: { readonly [name: string]: string }
  close(): Promise<void>
}

export async function startS3(bucket: string): Promise<S3> {
  const folder = await mkdtemp(join(tmpdir(), 'screentrail-s3-'))
  const args = ['--directory', folder, '--address', '127.0.0.1', '--port', '0', '--configure-bucket', bucket]
  const child = Bun.spawn(['node', '--openssl-legacy-provider', S3RVER, ...args], { stdout: 'pipe', stderr: 'inherit' })
  const endpoint = `http://127.0.0.1:${await portOf(child.stdout)}`
  const access = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER', endpoint }
  return {
    access,
    env: {
      S3_ACCESS_KEY_ID: access.accessKeyId,
      S3_SECRET_ACCESS_KEY: access.secretAccessKey,
      S3_ENDPOINT: endpoint,
    },
    async close() {
      child.kill()
      await child.exited
      await rm(folder, { recursive: true })
    },
  }
}

async function portOf(output: ReadableStream<Uint8Array>): Promise<string> {
  let printed = ''
  const decoder = new TextDecoder()
  return new Promise((resolve, reject) => {
    const read = async () => {
      for await (const chunk of output as unknown as AsyncIterable<Uint8Array>) {
        printed += decoder.decode(chunk, { stream: true })
        const found = /listening on [^\n]*?:(\d+)/.exec(printed)?.[1]
        if (found) resolve(found)
      }
      reject(new Error(`s3rver ended:\n${printed}`))
    }
    void read()
  })
}
