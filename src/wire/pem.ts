// Repairs a PEM that environment variables, YAML, secret managers or editors have re-wrapped, quoted, indented or escaped.

/** `text`: the key as OpenSSL reads it. `reason`: what was found instead, in one sentence. */
type Pem =
  | { readonly ok: true; readonly text: string; readonly isEncrypted: boolean }
  | { readonly ok: false; readonly reason: string }

export function readPem(given: string): Pem {
  const text = unwrapped(given)
  const blocks = [...text.matchAll(BLOCK)].map(([, label = '', body = '']) => ({ label, body }))
  const block = blocks.find(({ label }) => label.endsWith('PRIVATE KEY'))
  if (!block) return { ok: false, reason: insteadOfKey(text, blocks[0]?.label) }
  const { label, body } = block
  if (label === 'OPENSSH PRIVATE KEY') return { ok: false, reason: OPENSSH }
  const [, cipher] = OLD_ENCRYPTION.exec(body) ?? []
  const base64 = body.replace(OLD_ENCRYPTION, '').replace(/[ ,]+/g, '')
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return { ok: false, reason: DAMAGED }
  const headers = cipher === undefined ? [] : ['Proc-Type: 4,ENCRYPTED', `DEK-Info: ${cipher}`, '']
  const body64 = base64.match(/.{1,64}/g) ?? []
  const lines = [`-----BEGIN ${label}-----`, ...headers, ...body64, `-----END ${label}-----`, '']
  return { ok: true, text: lines.join('\n'), isEncrypted: cipher !== undefined || label.startsWith('ENCRYPTED') }
}

/** Decodes a PEM that was encoded as base64 once more, to make it one line. */
function unwrapped(given: string): string {
  const text = unescaped(given)
  const folded = text.replace(/[ ,]+/g, '')
  if (text.includes('-----') || !/^[A-Za-z0-9+/]{100,}={0,2}$/.test(folded)) return text
  const inner = new TextDecoder().decode(Uint8Array.from(atob(padded(folded)), (char) => char.charCodeAt(0)))
  return inner.includes('-----BEGIN') ? unescaped(inner) : text
}

/** On one line, without quotes and escapes. */
const unescaped = (text: string): string =>
  text
    .replace(/\\+[rnt]/g, ' ')
    .replace(/["'`\\\uFEFF\0]/g, ' ')
    .replace(/\s+/g, ' ')

const padded = (base64: string): string => base64.replace(/=+$/, '').padEnd(Math.ceil(base64.length / 4) * 4, '=')

const BLOCK = /-{5} ?BEGIN ([A-Z0-9 ]+?) ?-{5}([^-]*(?:-(?!-{4})[^-]*)*)-{5} ?END \1 ?-{5}/g

/** The headers of an encrypted PKCS#1 key. */
const OLD_ENCRYPTION = /^[ ,]*Proc-Type: ?4,ENCRYPTED[ ,]+DEK-Info: ?([A-Z0-9-]+,[0-9A-F]+)[ ,]/i

function insteadOfKey(text: string, label: string | undefined): string {
  if (label === undefined && /-{5} ?BEGIN [^-]*PRIVATE KEY/.test(text)) return CUT_SHORT
  if (label?.endsWith('PUBLIC KEY'))
    return `${EXPECTED}, found the public key: that one is for Meta, the other file is meant`
  if (label?.endsWith('CERTIFICATE')) return `${EXPECTED}, found a certificate, which holds only the public half`
  if (label !== undefined) return `${EXPECTED}, found a PEM that holds something else`
  return text.trim() === '' ? `${EXPECTED}, found nothing` : `${EXPECTED}, found something else`
}

const EXPECTED = 'expected a private key in PEM form, which begins with -----BEGIN'
const CUT_SHORT = 'the private key could not be read: its last line, which begins with -----END, is missing'
const DAMAGED = 'the private key could not be read: between its first and its last line stands what is no base64'
const OPENSSH =
  'the private key is in the form of OpenSSH, which is no PEM; `ssh-keygen -p -m PKCS8 -f FILE` makes it one'
