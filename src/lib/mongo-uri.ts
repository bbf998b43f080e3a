// Checks the address of a MongoDB. No message quotes it: while one character of the password is not escaped, any part of the
// address can be a piece of the password.

/** Hosts and database, without the user, the password and the options. */
export const placeOf = (uri: string): string => uri.replace(/^.*@|^[a-z+]*:\/\//is, '').replace(/[?#].*$/s, '')

/** The rest of a sentence that the address begins; undefined when the driver reads the address as we do. */
export async function mongoUriMistake(uri: string): Promise<string | undefined> {
  const found = misread(uri) ?? (await refusedByDriver(uri))
  return found && `is no address that the driver of MongoDB takes: ${found}; expected ${EXPECTED}`
}

/**
 * The same server and user with another database. Without `authSource`, a user is looked for in the database of the address, so the
 * new address names that one; with mongodb+srv the DNS says where.
 */
export function withDatabase(uri: string, name: string): string {
  const [, start = '', database, options = ''] = /^(mongodb(?:\+srv)?:\/\/[^/?]+)\/?([^?]*)(.*)$/s.exec(uri) ?? []
  const isUnsaid = start.includes('@') && !start.startsWith('mongodb+srv') && !/[?&]authSource=/i.test(options)
  const source = isUnsaid ? `${options.length > 1 ? '&' : '?'}authSource=${database || 'admin'}` : ''
  return `${start}/${encodeURIComponent(name)}${options === '?' ? '' : options}${source}`
}

/** Each secret as it is written, and decoded. */
export function secretsOf(uri: string): readonly string[] {
  const [, userInfo = ''] = /^[^:]*:\/\/(.*)@/s.exec(uri) ?? []
  const options = [...uri.matchAll(/[?&](?:tlsCertificateKeyFilePassword|authMechanismProperties)=([^&]*)/gi)]
  const written = [...userInfo.split(':'), ...options.map(([, value = '']) => value)]
  return [...new Set(written.flatMap((text) => [text, meant(text)]))].filter((text) => text.length > 2)
}

function meant(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Mistakes that the driver takes for another address, or reports without the place. */
function misread(uri: string): string | undefined {
  if (/[\s\p{Cc}]/u.test(uri)) return 'it has white space in it (write %20 for a space in the password)'
  const [, srv, authority = '', rest = ''] = /^mongodb(\+srv)?:\/\/([^/?#]*)(.*)$/s.exec(uri) ?? []
  if (authority.split('@').length > 2 || /[@#]/.test(rest) || /%(?![0-9a-f]{2})/i.test(uri)) return UNESCAPED
  const hosts = authority.replace(/^.*@/, '').split(',')
  if (hosts.includes('')) return 'a host is missing'
  if (srv && (hosts.length > 1 || authority.replace(/^.*@/, '').includes(':')))
    return 'mongodb+srv:// takes one host, without a port'
  if (!hosts.every(isHost)) return 'a host is followed by what is no port, which is a number from 1 to 65535'
  const [, database = ''] = /^\/([^?]*)/.exec(rest) ?? []
  return isDatabase(database) ? undefined : 'what follows the host is no name of a database'
}

const EXPECTED =
  'mongodb://user:password@host:27017/database?option=value, or mongodb+srv:// with one host and no port. Without a database it is `screentrail`'

const UNESCAPED =
  'the user, the password or an option has one of @ : / ? # [ ] % in it as it is (write %40 for an @, %3A for a :, %2F for a /, ' +
  '%3F for a ?, %23 for a #, %5B and %5D for [ and ], %25 for a %)'

function isHost(host: string): boolean {
  const [, port] = /^(?:\[[0-9a-f:.]+\]|[^:[\]]+)(?::(\d{1,5}))?$/i.exec(host) ?? ['', '0']
  return port === undefined || (Number(port) >= 1 && Number(port) <= 65_535)
}

/** MongoDB refuses the others, https://www.mongodb.com/docs/manual/reference/limits/#naming-restrictions */
const isDatabase = (name: string): boolean => /^[^/\\. "$*<>:|?]{0,63}$/.test(meant(name))

/** Makes the driver without a connection, which is enough for its checks. */
async function refusedByDriver(uri: string): Promise<string | undefined> {
  const { MongoClient } = await import('mongodb')
  try {
    new MongoClient(uri)
    return undefined
  } catch (error) {
    const { message } = error as Error
    if (/unescaped|userinfo|Invalid connection string/.test(message)) return UNESCAPED
    const option = optionsOf(uri).find((name) => message.toLowerCase().includes(name.toLowerCase()))
    if (option === undefined) return 'its options do not go together, or not with the user and password'
    if (/not supported/.test(message)) return `the option ${option} is not supported`
    return `the option ${option} has no value that fits here`
  }
}

/** The names of the options; none if one of them holds a secret, as that can look like further options. */
const optionsOf = (uri: string): readonly string[] => {
  const names = [...uri.matchAll(/[?&]([A-Za-z]+)(?==|&|$)/g)].map(([, name = '']) => name)
  return names.some((name) => /password|properties/i.test(name)) ? [] : names
}
