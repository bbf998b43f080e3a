// Meta signs the raw body with the app secret; since data API 4.0 the flow token as well.

import { createHmac, timingSafeEqual } from 'node:crypto'
import { isObject, parseJson } from '../lib/json.ts'

/** What is wrong with `X-Hub-Signature-256: sha256=<hex>`, made over the body exactly as received. Several secrets allow a rotation. */
export function signatureProblem(
  header: string | null,
  body: Uint8Array,
  secrets: readonly string[],
): string | undefined {
  if (header === null) return 'the X-Hub-Signature-256 header is missing'
  const [, hex] = /^sha256=([0-9a-f]{64})$/i.exec(header.trim()) ?? []
  if (hex === undefined) return 'the X-Hub-Signature-256 header is not sha256= and 64 hex digits'
  const given = Buffer.from(hex, 'hex')
  const fits = secrets.some((secret) => timingSafeEqual(createHmac('sha256', secret).update(body).digest(), given))
  return fits ? undefined : FOREIGN_SIGNATURE
}

export const FOREIGN_SIGNATURE = 'the signature is not made with any of our app secrets'

/** What is wrong with `flow_token_signature`: a JWT, HS256 under the app secret, that names the flow token and has no expiry. */
export function tokenSignatureProblem(jwt: string, flowToken: string, secrets: readonly string[]): string | undefined {
  const [header, payload, signature, ...rest] = jwt.split('.')
  if (!header || !payload || !signature || rest.length > 0) return 'flow_token_signature is not a JWT'
  if (claim(header, 'alg') !== 'HS256') return 'flow_token_signature is not signed with HS256'
  const given = Buffer.from(signature, 'base64url')
  const fits = secrets.some((secret) => {
    const made = createHmac('sha256', secret).update(`${header}.${payload}`).digest()
    return made.length === given.length && timingSafeEqual(made, given)
  })
  if (!fits) return 'flow_token_signature is not made with any of our app secrets'
  return claim(payload, 'flow_token') === flowToken ? undefined : 'flow_token_signature names another flow token'
}

function claim(part: string, name: string): unknown {
  const claims = parseJson(Buffer.from(part, 'base64url').toString())
  return isObject(claims) ? claims[name] : undefined
}
