// Texts that occur nowhere else, in every place that a client can write, and where they have got to.

import { connect } from 'node:net'
import type { JsonObject } from '../src/lib/json.ts'
import { sealText, signBody } from '../src/simulate/client.ts'
import { type Client, configWith, type Folder } from './kit.ts'

const WORD = 'Zwiebelfisch'
const CARD = '4929123456781234'
const PHONE = '351967123456'
/** In the one field that is kept as it comes. */
export const KEPT = 'Nachtigall'

export const PERSONAL_TOKEN = `wa-${PHONE}`

/** Those of the markers that stand in the text, wherever in a word and in whatever letters. */
export const markersIn = (text: string): string[] => {
  const lower = text.toLowerCase()
  return [WORD.toLowerCase(), CARD, PHONE.slice(3)].filter((marker) => lower.includes(marker))
}

/** `more`: sections of the config besides the flows. */
export const markedConfig = (more: string): string =>
  configWith(
    `
marked:
  start: FORM
  trigger: { expr: input.trigger, in: [slots] }
  sequence: input.seq
  screens:
    FORM:
      data:
        shown: 1
        broken: { expr: -input.text }
        compared: { expr: 18 < input.text }
      fields:
        text: { type: text }
        phone: { type: phone }
        email: { type: email }
        number: { type: number, min: 0 }
        plain_number: { type: number }
        boolean: { type: boolean }
        date: { type: date }
        date_range: { type: date_range }
        choice: { type: choice }
        listed: { type: choice, in: [a, b] }
        choices: { type: choices }
        files: { type: files }
        hashed: { type: text, keep: hash }
        dropped: { type: text, keep: drop }
        kept: { type: text, keep: keep }
      next: [{ when: $number(input.text) > 1, to: DONE }, { to: DONE }]
    REPORT: { fields: { error: { type: text }, error_message: { type: text } }, next: DONE }
    DONE: { data: { again: { expr: input } }, complete: { all: { expr: input }, text: { expr: known.text }, failing: { expr: $number(input.text) } } }
  apis: { nobody: { url: "http://127.0.0.1:9/", timeout: 1s } }
guarded:
  start: ONLY
  tokens: { accept: "$contains(token, 'nobody')" }
  screens: { ONLY: { complete: {} } }`,
    more,
  )

const request = (partial: JsonObject): JsonObject => ({
  version: '3.0',
  action: 'data_exchange',
  screen: 'FORM',
  flow_token: 'ordinary',
  data: {},
  ...partial,
})

const fields = ['text', 'phone', 'email', 'number', 'plain_number', 'boolean', 'date', 'date_range', 'choice', 'listed']
const allFields = [...fields, 'choices', 'files', 'hashed', 'dropped']
const everyField = (value: (name: string) => JsonObject[string]): JsonObject =>
  Object.fromEntries(allFields.map((name) => [name, value(name)]))

const many = Object.fromEntries(Array.from({ length: 6_000 }, (_, index) => [`${WORD}-${index}`, WORD]))
const right = {
  text: WORD,
  phone: `+${PHONE}`,
  email: `${WORD}@example.com`,
  number: CARD,
  plain_number: Number(CARD),
  boolean: true,
  date: PHONE,
  date_range: { 'start-date': PHONE, 'end-date': PHONE },
  choice: WORD,
  choices: [WORD, CARD],
  files: [{ media_id: WORD, [WORD]: WORD }],
  kept: KEPT,
}

/** Requests that are sealed and signed as they should be. */
const SEALED: readonly JsonObject[] = [
  request({ action: 'INIT', screen: '', data: { [WORD]: WORD } }),
  request({ data: right }),
  request({ data: everyField((name) => `${WORD} ${name}`) }),
  // Whoever takes one value out of an error must not leave the other behind.
  request({ data: { ...right, text: `${WORD} 18 ${WORD}` } }),
  request({ data: everyField(() => [WORD, { [WORD]: [WORD] }]) }),
  request({ data: everyField(() => ({ [WORD]: WORD, 'start-date': WORD, 'end-date': WORD })) }),
  request({ data: { [WORD]: WORD, [`${WORD}.$x`]: { [WORD]: [WORD, { [WORD]: WORD }] }, text: 'a', shown: WORD } }),
  request({ data: { ...many, number: CARD, kept: KEPT } }),
  request({ screen: WORD, data: { text: WORD } }),
  request({ screen: WORD, action: 'BACK' }),
  request({ screen: WORD, action: 'INIT' }),
  request({ data: { trigger: WORD, text: WORD } }),
  request({ data: { trigger: CARD, seq: WORD } }),
  request({ data: { seq: CARD } }),
  request({ data: { seq: { [WORD]: WORD }, trigger: [WORD] } }),
  request({ data: { error: WORD, error_message: WORD } }),
  request({ data: { error_key: WORD, error_message: `${WORD} ${CARD}` } }),
  request({ data: { error: 'payload-schema-error', error_message: WORD } }),
  request({ data: { error: WORD } }),
  request({ screen: WORD, action: 'navigate', data: { error: WORD, error_message: WORD } }),
  request({ screen: 'REPORT', data: { error: WORD, error_message: WORD } }),
  request({ screen: 'DONE', data: right }),
  request({ flow_token: PERSONAL_TOKEN, action: 'INIT', screen: '' }),
  request({ flow_token: PERSONAL_TOKEN, data: right }),
  request({ flow_token: `${WORD}@example.com`, data: right }),
  request({ flow_token: CARD, screen: 'DONE' }),
  request({ version: WORD }),
  request({ version: { [WORD]: WORD } }),
  request({ screen: { [WORD]: WORD } }),
  request({ data: [WORD] }),
  request({ flow_token: { [WORD]: WORD } }),
  request({ action: WORD }),
  request({ action: { [WORD]: WORD } }),
  request({ flow_token_signature: WORD }),
  request({ flow_token_signature: `${btoa(`{"alg":"${WORD}"}`)}.${btoa(WORD)}.${WORD}` }),
  request({ [WORD]: WORD, data: { text: 'x' } }),
]

/** Sends all of it; `raw` goes to the same server. Returns the statuses of the replies. */
export async function sendMarkers(client: Client, folder: Folder, port: number): Promise<Set<number>> {
  const statuses = new Set<number>()
  const note = async (reply: Promise<{ readonly status: number }>) => statuses.add((await reply).status)
  for (const sealed of SEALED) await note(client.send('marked', sealed))
  await note(client.send('guarded', request({ flow_token: WORD })))

  const signed = (body: string) => ({ 'x-hub-signature-256': signBody(body, folder.appSecret) })
  const bodies = [
    WORD,
    `{"${WORD}": ${WORD}`,
    JSON.stringify([WORD]),
    JSON.stringify({ [WORD]: WORD }),
    JSON.stringify({ encrypted_flow_data: WORD, encrypted_aes_key: WORD, initial_vector: WORD }),
  ]
  for (const body of bodies) {
    await note(client.post('marked', body))
    await note(client.post('marked', body, signed(body)))
    await note(client.post('marked', body, { 'x-hub-signature-256': WORD, 'content-type': WORD, [`x-${WORD}`]: WORD }))
  }
  for (const text of [`{"${WORD}`, WORD, `"${WORD}"`]) await note(client.post('marked', ...unlikeMeta(text, folder)))

  await note(client.send(WORD, request({})))
  await note(client.send(`marked?${WORD}=${WORD}`, request({ data: { text: 'y' } })))
  for (const path of [
    WORD,
    `flows/${WORD}`,
    `admin/${WORD}`,
    `admin/sessions/${WORD}`,
    `assets/${WORD}`,
    `api/v1/${WORD}`,
  ])
    for (const method of ['GET', 'POST']) await note(fetch(`http://localhost:${port}/${path}?${WORD}`, { method }))
  await breakOff(port, folder)
  return statuses
}

/** What is no JSON, well sealed. */
function unlikeMeta(text: string, folder: Folder): [body: string, headers: Record<string, string>] {
  const { body, headers } = sealText(text, folder.publicKey, folder.appSecret)
  return [body, { ...headers }]
}

/** A body that is promised and does not come. */
const breakOff = (port: number, folder: Folder): Promise<void> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      const head = `POST /flows/marked HTTP/1.1\r\nHost: x\r\nX-Secret: ${folder.path.length}\r\nContent-Length: 5000\r\n\r\n`
      socket.end(`${head}${WORD}`)
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve())
    socket.resume()
  })
