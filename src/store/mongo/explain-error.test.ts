import { expect, test } from 'bun:test'
import mongoose from 'mongoose'
import { START } from '../../../test/arbitrary-events.ts'
import { RULES } from '../../../test/store-contract/expected.ts'
import { placeOf } from '../../lib/mongo-uri.ts'
import { explainError } from './explain-error.ts'
import { openMongoStore } from './mongo.ts'

/** Reserved, so that nothing of ours listens there. */
const NOWHERE = '127.0.0.1:1'

test.each([
  ['mongodb://localhost', 'localhost'],
  ['mongodb://localhost:27017/screentrail', 'localhost:27017/screentrail'],
  ['mongodb://a,b:2/screentrail?replicaSet=rs0', 'a,b:2/screentrail'],
  ['mongodb+srv://lovelace:pa55@cluster.example.com/trails?w=1', 'cluster.example.com/trails'],
  ['mongodb://lovelace:p/a?s@s#@localhost/trails', 'localhost/trails'],
  ['mongodb://lovelace:pa\n55@localhost/trails', 'localhost/trails'],
])('of the address %j only the place %j is shown', (uri, place) => expect(placeOf(uri)).toBe(place))

test.each([
  ['mongodb://', /expected mongodb:\/\//],
  ['mongodb://lovelace:pa55@', /expected mongodb:\/\//],
  ['mongodb://lovelace:pa55/word@localhost/x', /%40 for an @/],
  ['mongodb://lovelace:pa55@word@localhost/x', /%40 for an @/],
  ['mongodb://localhost/x?nonsense=1', /option nonsense is not supported/],
])('the address %j is refused with a sentence that does not show the password', async (uri, reason) => {
  const error = await openMongoStore(uri).catch((error: Error) => error)
  expect(String(error)).toMatch(/store\.uri is no address/)
  expect(String(error)).toMatch(reason)
  expect(String(error)).not.toMatch(/pa55|lovelace/)
})

test('without a server, every call rejects at once with a sentence that does not show the password', async () => {
  const store = await openMongoStore(`mongodb://lovelace:pa55@${NOWHERE}/trails`)
  const began = performance.now()
  for (const call of [() => store.record([], RULES), () => store.totals(START, 1), () => store.audits(1)]) {
    const error = await call().catch((error: Error) => error)
    expect(String(error)).toMatch(/cannot reach MongoDB at 127\.0\.0\.1:1\/trails \(.+\); check that it runs/)
    expect(Bun.inspect(error)).not.toMatch(/pa55|lovelace/)
  }
  expect(performance.now() - began).toBeLessThan(1_000)
  await store.close()
  await store.close()
  await expect(store.audits(1)).rejects.toThrow('closed')
})

test.each([
  [18, 'Authentication failed.', /refuses the user and password in store\.uri; correct them/],
  [
    13,
    'not authorized on x to execute command { insert: "events", documents: [ "private" ] }',
    /give it the role readWrite/,
  ],
])('the server’s refusal %i is explained', (code, message, sentence) => {
  const error = explainError(new mongoose.mongo.MongoServerError({ message, code }), 'localhost/x')
  expect(String(error)).toMatch(sentence)
  expect(String(error)).not.toContain('private')
})

test('an error that is no operator’s to mend stays as it is', () => {
  const error = new TypeError('x is not a function')
  expect(explainError(error, 'localhost/x')).toBe(error)
})
