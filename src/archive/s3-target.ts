import { S3Client, type S3Options } from 'bun'
import type { ArchiveTarget } from './target.ts'

/**
 * What is left out comes from the environment of the process, by the names that Bun and AWS know it by: S3_ACCESS_KEY_ID,
 * S3_SECRET_ACCESS_KEY, S3_REGION, S3_ENDPOINT, or the same with AWS_.
 */
export type S3Access = Pick<S3Options, 'accessKeyId' | 'secretAccessKey' | 'region' | 'endpoint'>

type S3Target = ArchiveTarget & {
  /** Like `put`, part by part, so that a file of any size passes. */
  putFile(name: string, path: string): Promise<void>
}

/** `place`: `s3://bucket/prefix`. */
export function s3Target(place: string, access: S3Access): S3Target {
  const [, bucket = '', path = ''] = /^s3:\/\/([^/]+)\/*(.*?)\/*$/.exec(place) ?? []
  const prefix = path === '' ? '' : `${path}/`
  const client = new S3Client({ ...access, bucket })
  const pathOf = (name: string) => `s3://${bucket}/${prefix}${name}`
  const toldWhat = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      throw new Error(`cannot ${what}: ${reasonOf(error)}`)
    }
  }
  const put = async (name: string, content: Uint8Array | Blob) => {
    await toldWhat(`write ${pathOf(name)}`, () => client.write(prefix + name, content))
  }

  return {
    pathOf,
    put,
    // What a killed process has sent is no object.
    async sweep() {},
    putFile: (name, path) => put(name, Bun.file(path)),

    async *names() {
      let after: string | undefined
      do {
        const from = after !== undefined && { continuationToken: after }
        const page = await toldWhat(`list ${place}`, () => client.list({ prefix, ...from }))
        for (const { key } of page.contents ?? []) yield key.slice(prefix.length)
        after = page.isTruncated ? page.nextContinuationToken : undefined
      } while (after !== undefined)
    },

    async remove(name) {
      try {
        await client.delete(prefix + name)
      } catch (error) {
        if ((error as { code?: string }).code !== 'NoSuchKey')
          throw new Error(`cannot remove ${pathOf(name)}: ${reasonOf(error)}`)
      }
    },

    has: (name) => toldWhat(`look for ${pathOf(name)}`, () => client.exists(prefix + name)),

    async *bytes(name) {
      try {
        yield* client.file(prefix + name).stream() as unknown as AsyncIterable<Uint8Array>
      } catch (error) {
        throw new Error(reasonOf(error))
      }
    },
  }
}

function reasonOf(error: unknown): string {
  const { code = '', message } = error as Error & { code?: string }
  return REASONS[code] ?? (message || code)
}

const REASONS: { readonly [code: string]: string } = {
  ERR_S3_MISSING_CREDENTIALS: 'there is no access key; set S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY',
  NoSuchKey: 'there is no such file',
  NoSuchBucket: 'there is no such bucket; make it, or name another',
  AccessDenied: 'access denied; the access key must be allowed to list, read, write and delete there',
  InvalidAccessKeyId: 'the server does not know the access key; see S3_ACCESS_KEY_ID',
  SignatureDoesNotMatch: 'the secret is not that of the access key; see S3_SECRET_ACCESS_KEY',
}
