import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { mongoUriMistake, placeOf, secretsOf, withDatabase } from './mongo-uri.ts'

const AS_IT_IS = 'has one of @ : / ? # [ ] % in it as it is (write %40 for an @'

describe('what is no address is refused with what is wrong', () => {
  test.each([
    ['mongodb://app:p@ss/w#rd@host/db', AS_IT_IS],
    ['mongodb://app:p@ss@host/db', AS_IT_IS],
    ['mongodb://app:p/ss@host/db', AS_IT_IS],
    ['mongodb://app:p?ss@host/db', AS_IT_IS],
    ['mongodb://app:p#ss@host/db', AS_IT_IS],
    ['mongodb://app:p#ss', AS_IT_IS],
    ['mongodb://app:p:ss@host/db', AS_IT_IS],
    ['mongodb://app:p[ss@host/db', AS_IT_IS],
    ['mongodb://app:100%@host/db', AS_IT_IS],
    ['mongodb://a@b:pass@host/db', AS_IT_IS],
    ['mongodb://:pass@host/db', AS_IT_IS],
    ['mongodb+srv://app:p@ss/w#rd@cluster.example.com/db', AS_IT_IS],
    ['mongodb://app:pa ss@host/db', 'white space'],
    ['mongodb://app:pa\nss@host/db', 'white space'],
    ['mongodb://', 'a host is missing'],
    ['mongodb://app:pass@', 'a host is missing'],
    ['mongodb://app:pass@/db', 'a host is missing'],
    ['mongodb://host,/db', 'a host is missing'],
    ['mongodb://host:abc/db', 'no port, which is a number from 1 to 65535'],
    ['mongodb://host:0/db', 'no port'],
    ['mongodb://host:65536/db', 'no port'],
    ['mongodb://host:/db', 'no port'],
    ['mongodb://app:password/db', 'no port'],
    ['mongodb://[::1/db', 'no port'],
    ['mongodb+srv://host.example.com:27017/db', 'takes one host, without a port'],
    ['mongodb+srv://a.example.com,b.example.com/db', 'takes one host, without a port'],
    ['mongodb://host/db/more', 'no name of a database'],
    ['mongodb://host/my.db', 'no name of a database'],
    ['mongodb://host/my%20db', 'no name of a database'],
    [`mongodb://host/${'x'.repeat(64)}`, 'no name of a database'],
    ['mongodb://host/db?nonsense=1', 'the option nonsense is not supported'],
    ['mongodb://host/db?retrywrite=true', 'the option retrywrite is not supported'],
    ['mongodb://host/db?maxPoolSize=many', 'the option maxPoolSize has no value that fits here'],
    ['mongodb://host/db?tls=perhaps', 'the option tls has no value that fits here'],
    ['mongodb://host/db?replicaSet=', 'the option replicaSet has no value that fits here'],
    ['mongodb://host/db?w=1&w=2', 'the option w has no value that fits here'],
    ['mongodb://host/db?authMechanism=MAGIC', 'the option authMechanism has no value'],
    ['mongodb://host/db?authMechanism=SCRAM-SHA-1', 'do not go together'],
    ['mongodb+srv://host.example.com/db?directConnection=true', 'the option directConnection has no value'],
    ['mongodb://host/db?tlsCertificateKeyFilePassword=a&b', 'do not go together'],
  ])('%s', async (uri, found) => {
    const mistake = await mongoUriMistake(uri)
    expect(mistake).toContain(found)
    expect(mistake).toContain('is no address that the driver of MongoDB takes')
    expect(mistake).toContain('; expected mongodb://user:password@host:27017/database')
  })
})

test.each([
  'mongodb://host',
  'mongodb://host/',
  'mongodb://host/?w=majority',
  'mongodb://app:p%40ss%2Fw%23rd@host/db',
  'mongodb://app:p%C3%A4ss@a:1,b:2,[::1]:27017/db?replicaSet=rs0&authSource=admin',
  'mongodb://app@host/db?authMechanism=MONGODB-X509&tls=true',
  'mongodb+srv://app:pass@cluster0.abcde.mongodb.net/?retryWrites=true&w=majority&appName=Cluster0',
  'mongodb://%2Ftmp%2Fmongodb-27017.sock/db',
])('%s is one', async (uri) => expect(await mongoUriMistake(uri)).toBeUndefined())

test('whatever the password, neither a mistake nor the place holds a piece of it; percent-encoded it is taken', async () => {
  const letters = 'qzj7xk'
  const password = fc
    .array(fc.constantFrom(...'@:/?#[]% &=+,;\\"\'', letters), { minLength: 1, maxLength: 8 })
    .map((parts) => parts.join(''))
  await fc.assert(
    fc.asyncProperty(password, fc.constantFrom('mongodb', 'mongodb+srv'), async (text, scheme) => {
      const uri = `${scheme}://${letters}:${text}@host.example.com/db`
      expect(`${await mongoUriMistake(uri)} ${placeOf(uri)}`).not.toContain(letters)
      const encoded = `${scheme}://user:${encodeURIComponent(text)}@host.example.com/db`
      expect(await mongoUriMistake(encoded)).toBeUndefined()
      expect(placeOf(encoded)).toBe('host.example.com/db')
      expect(secretsOf(encoded).some((secret) => secret === text) || text.length <= 2).toBe(true)
    }),
    { numRuns: 300 },
  )
})

test.each([
  ['mongodb://host', 'mongodb://host/other'],
  ['mongodb://host/', 'mongodb://host/other'],
  ['mongodb://host:1,b:2/db?w=1', 'mongodb://host:1,b:2/other?w=1'],
  ['mongodb://host?w=1', 'mongodb://host/other?w=1'],
  ['mongodb://u:p@host/db', 'mongodb://u:p@host/other?authSource=db'],
  ['mongodb://u:p@host/?w=1', 'mongodb://u:p@host/other?w=1&authSource=admin'],
  ['mongodb://u:p@host/db?authSource=admin', 'mongodb://u:p@host/other?authSource=admin'],
  ['mongodb+srv://u:p@cluster.example.com/db', 'mongodb+srv://u:p@cluster.example.com/other'],
])('another database of the same server and user: %s', (uri, expected) => {
  expect(withDatabase(uri, 'other')).toBe(expected)
})
