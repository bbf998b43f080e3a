import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { HIDDEN, redact } from './redact.ts'
import { type Config, config as configSchema } from './schema.ts'

const NO_SECRETS = { app_secrets: [], passphrases: [], headers: {}, user: '', query: '', tokens: [] }

test('no secret is left, wherever the config holds one', () => {
  const secret = fc.stringMatching(/^[A-Za-z0-9+=._~-]{12,40}$/)
  const secrets = fc.record({
    app_secrets: fc.array(secret, { minLength: 1, maxLength: 3 }),
    passphrases: fc.array(secret, { minLength: 1, maxLength: 3 }),
    headers: fc.dictionary(fc.stringMatching(/^[A-Z][a-z]{1,8}$/), secret, { minKeys: 1, maxKeys: 3 }),
    user: fc.tuple(secret, secret).map((pair) => pair.join(':')),
    query: secret,
    tokens: fc.array(fc.stringMatching(/^[A-Za-z0-9+=._~-]{16,40}$/), { minLength: 1, maxLength: 3 }),
  })
  fc.assert(
    fc.property(secrets, (held) => {
      const shown = JSON.stringify(redact(configWith(held)))
      const all = [...held.app_secrets, ...held.passphrases, ...Object.values(held.headers), held.query, ...held.tokens]
      for (const value of [...all, ...held.user.split(':')]) expect(shown).not.toContain(value)
    }),
  )
})

test('what is not secret is left as it is', () => {
  const shown = redact(configWith(NO_SECRETS)) as { server: unknown; meta: { keys: unknown }; flows: unknown }
  expect(shown.server).toEqual({
    port: 8080,
    trusted_proxies: 0,
    timezone: 'UTC',
    public_url: 'https://flows.example.com/',
  })
  expect(shown.flows).toEqual(configWith(NO_SECRETS).flows as unknown)
  expect(JSON.stringify(shown)).not.toContain(HIDDEN)
})

test('an address keeps the parts that are not secret', () => {
  const { flows } = redact(configWith({ ...NO_SECRETS, user: 'ana:p@ss', query: 'key=1' })) as unknown as Config
  expect(flows.booking?.apis.slots?.url).toBe(`https://${HIDDEN}@crm.example.com/slots?${HIDDEN}`)
})

type Secrets = {
  readonly app_secrets: readonly string[]
  readonly passphrases: readonly string[]
  readonly headers: { readonly [name: string]: string }
  readonly user: string
  readonly query: string
  readonly tokens: readonly string[]
}

function configWith({ app_secrets, passphrases, headers, user, query, tokens }: Secrets): Config {
  const keys = passphrases.map((passphrase) => ({ file: 'key.pem', passphrase }))
  const url = `https://${user && `${user}@`}crm.example.com/slots${query && `?${query}`}`
  return configSchema.parse({
    server: { public_url: 'https://flows.example.com/' },
    api: { tokens },
    meta: { app_secrets, keys: keys.length > 0 ? keys : [{ file: 'key.pem' }] },
    flows: {
      booking: {
        start: 'A',
        screens: { A: { data: { link: 'https://example.com/help', slots: { source: 'slots' } } } },
        apis: { slots: { url, headers } },
      },
    },
  })
}
