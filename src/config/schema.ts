// The shape of config.yaml and its defaults. `descriptions.ts` explains the keys.

import { z } from 'zod'
import { duration, flow, keep, secret } from '../flow/schema.ts'
import { slotsOf } from '../lib/cron.ts'
import { FOLDER, FOLDER_OR_BUCKET } from './places.ts'

const file = z.string().min(1)

const token = secret
  .min(16, { error: 'expected at least 16 characters' })
  .regex(/^[\x20-\x7e]*$/, { error: 'expected letters, digits and signs of ASCII, as a header takes no others' })

/** Links begin with it. */
const publicUrl = z
  .url({ protocol: /^https?$/, error: 'expected a URL such as https://flows.example.com' })
  .regex(/^[^@?#]*$/, { error: 'expected a URL without a user, a ? and a #' })
  .regex(/^\w+:\/\/[^/]*(?:\/+[\w.~%-]+)*\/*$/, {
    error: 'expected a path of letters, digits and - _ . ~ %, as in https://example.com/wa',
  })

const archive = file.regex(FOLDER_OR_BUCKET, { error: 'expected a folder, or s3://BUCKET/PREFIX' })

const backupFolder = file.regex(FOLDER, {
  error: 'expected a folder (`screentrail backup s3://BUCKET/PREFIX`, such as from cron, sends backups to a bucket)',
})

const key = z
  .strictObject({
    file: file.optional(),
    pem: z.string().min(1).optional(),
    passphrase: z
      .string()
      .overwrite((text) => text.replace(/[\r\n]+$/, ''))
      .optional(),
  })
  .refine(({ file, pem }) => (file === undefined) !== (pem === undefined), {
    error: 'expected one of `file` and `pem`',
  })

export const config = z.strictObject({
  server: z
    .strictObject({
      port: z.int().min(1).max(65535).default(8080),
      public_url: publicUrl.optional(),
      trusted_proxies: z.int().min(0).max(10).default(0),
      metrics_token: token.optional(),
      timezone: z
        .string()
        .refine(isTimezone, { error: 'expected a time zone such as Europe/Lisbon or UTC' })
        .default('UTC'),
    })
    .prefault({}),
  api: z.strictObject({ tokens: z.array(token).default([]) }).prefault({}),
  meta: z.strictObject({
    app_secrets: z.array(secret.min(1)).default([]),
    signature: z.enum(['required', 'off']).default('required'),
    keys: z.array(key).min(1),
    rsa: z.enum(['auto', 'openssl', 'webcrypto']).default('auto'),
  }),
  store: z.strictObject({ uri: z.string().trim().default('sqlite:data/screentrail.db') }).prefault({}),
  journal: z
    .strictObject({ file: file.default('data/journal.db'), durability: z.enum(['disk', 'process']).default('disk') })
    .prefault({}),
  session: z
    .strictObject({
      gap: duration.prefault('24h'),
      lost_after: duration.prefault('24h'),
      repeat_window: duration.prefault('15s'),
    })
    .prefault({}),
  privacy: z
    .strictObject({
      key: file.default('keys/pseudonym.key'),
      default_text: keep.default('length'),
      hash_after: duration.optional(),
    })
    .prefault({}),
  retention: z
    .strictObject({
      events: duration.optional(),
      sessions: duration.optional(),
      rollups: duration.optional(),
      archive: archive.optional(),
    })
    .prefault({}),
  backup: z
    .strictObject({
      folder: backupFolder.default('data/backups'),
      keep: z.int().min(1).max(1_000).default(7),
      schedule: z
        .string()
        .refine(isSchedule, {
          error: 'expected the five fields of a cron expression in UTC, such as "30 3 * * *" for every night at 3:30',
        })
        .optional(),
    })
    .prefault({}),
  flows: z.record(
    z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, { error: 'expected lower-case letters, digits, - or _' }),
    flow,
  ),
})

export type Config = z.output<typeof config>

/** Of times that come: no 30th of February. */
function isSchedule(cron: string): boolean {
  if (cron.trim().split(/\s+/).length !== 5) return false
  try {
    return slotsOf(cron).nextAfter(0) !== undefined
  } catch {
    return false
  }
}

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
