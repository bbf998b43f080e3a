// Whatever a request says, what was answered is stored, and can be read.

import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { createApp } from '../src/app.ts'
import { isBalanced } from '../src/journal/ledger.ts'
import { sha256 } from '../src/lib/ids.ts'
import { createLog } from '../src/lib/log.ts'
import { openReply, sealText } from '../src/simulate/client.ts'
import { clientOf, configWith, makeFolder } from './kit.ts'
import { storedIds } from './stored.ts'
import { dropStore, stores } from './stores.ts'

const TYPES = ['text', 'phone', 'email', 'number', 'boolean', 'date', 'date_range', 'choice', 'choices', 'files']

/** Of every type there is a field that keeps by itself, and one that keeps whatever it can. The words of the config are odd, too. */
const FLOWS = `
any:
  start: FORM
  trigger: { expr: input.trigger, in: ["\\ud83d"] }
  sequence: input.seq
  failure_message: "half \\ud83d"
  screens:
    FORM:
      data: { "odd.$key \\ude00": { expr: -input.text }, list: [{ id: a }] }
      fields:
        ${TYPES.map((type) => `${type}: { type: ${type} }`).join('\n        ')}
        ${TYPES.map((type) => `kept_${type}: { type: ${type}, keep: keep }`).join('\n        ')}
        masked: { type: text, keep: mask }
        checked: { type: text, check: "value != 'no'", message: "half \\ud83d of a character, ${'👋'.repeat(600)}" }
      next: DONE
    DONE: { complete: { all: { expr: input } } }`

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom(
    '\ud83d',
    '\ude00\ud83d',
    '\u0000',
    'a\u0000b',
    '__proto__',
    'constructor',
    '$undeclared',
    '$where',
    'a.b.$c',
    '',
    '\ufeff',
    '👋'.repeat(500),
    `${'x'.repeat(79)}👋`,
    '\\ud83d',
  ),
)
const number = fc.constantFrom('1e400', '-1e400', '-0', '1e21', '5e-324', '123456789012345678901234567890', '0.1', '7')
const value: fc.Arbitrary<string> = fc.letrec<{ json: string }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    text.map((each) => JSON.stringify(each)),
    number,
    fc.constantFrom('true', 'null', '{}', '[]'),
    fc.array(tie('json'), { maxLength: 4 }).map((items) => `[${items}]`),
    objectOf(text, tie('json')),
  ),
})).json

/** As text, since JavaScript has no numbers like 1e400, and no two properties of one name. */
function objectOf(names: fc.Arbitrary<string>, values: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const property = fc.tuple(names, values).map(([name, of]) => `${JSON.stringify(name)}:${of}`)
  return fc.array(property, { maxLength: 5 }).map((properties) => `{${properties}}`)
}

const names = fc.oneof(
  text,
  fc.constantFrom(
    ...TYPES,
    ...TYPES.map((type) => `kept_${type}`),
    'masked',
    'checked',
    'trigger',
    'seq',
    'error',
    'error_message',
  ),
)
const longText = fc
  .tuple(fc.constantFrom('k', '👋', '\u0000', '\ud83d'), fc.nat({ max: 2_000 }))
  .map(([unit, n]) => unit.repeat(n))
const anyRequest = fc
  .record({
    version: fc.oneof(
      text.map((each) => JSON.stringify(each)),
      number,
    ),
    action: fc.constantFrom('"INIT"', '"data_exchange"', '"data_exchange"', '"data_exchange"', '"BACK"', '"navigate"'),
    screen: fc.oneof(fc.constantFrom('FORM', 'FORM', 'DONE', ''), text).map((each) => JSON.stringify(each)),
    flow_token: fc.oneof(fc.constantFrom('one', 'two'), text, longText).map((each) => JSON.stringify(each)),
    data: fc.oneof(
      objectOf(names, value),
      objectOf(
        names,
        text.map((each) => JSON.stringify(each)),
      ),
      objectOf(longText, value),
      fc.nat({ max: 60 }).map((depth) => `{"text":${'['.repeat(depth)}${']'.repeat(depth)}}`),
    ),
  })
  .map((parts) => `{${Object.entries(parts).map(([name, json]) => `"${name}":${json}`)}}`)

describe.each(stores)('on %s', (_name, uriOf) => {
  test('every request that is answered is an event that is there', async () => {
    const uri = uriOf()
    const folder = await makeFolder(configWith(FLOWS, `store: { uri: "${uri}" }`), uri)
    const { config } = await folder.load()
    const app = await createApp(await folder.load(), { log: createLog('silent') })
    const client = clientOf((request) => app.handle(request), folder)
    const acknowledged = new Set<string>()

    await fc.assert(
      fc.asyncProperty(anyRequest, async (request) => {
        const sealed = sealText(request, folder.publicKey, folder.appSecret)
        const response = await client.post('any', sealed.body, { ...sealed.headers })
        expect([200, 400]).toContain(response.status)
        if (response.status !== 200) return
        expect(openReply(await response.text(), sealed.secret).ok).toBe(true)
        acknowledged.add(sha256(sealed.body))
      }),
      { numRuns: 400 },
    )
    await app.settled()
    const ledger = await app.ledger()
    expect(ledger).toMatchObject({ quarantined: 0, dropped: 0, waiting: 0, received: acknowledged.size })
    expect(isBalanced(ledger)).toBe(true)
    expect(acknowledged.size).toBeGreaterThan(200)

    const { items } = await app.store.events({ limit: 1_000 })
    for (const [token, events] of Map.groupBy(items, (event) => event.token))
      expect((await app.store.eventsOf('any', token)).map(({ id }) => id)).toEqual(events.map(({ id }) => id))
    await app.stop()

    const ids = await storedIds(config.store.uri)
    expect(ids.toSorted()).toEqual([...acknowledged].sort())
    await folder.remove()
    await dropStore(uri)
  }, 120_000)
})
