import { expect, test } from 'bun:test'
import { flowJsonText, oneScreen } from '../../test/flow-json-kit.ts'
import { readFlowJson } from './read-flow-json.ts'

const mistakesIn = (text: string): readonly string[] => {
  const result = readFlowJson(text, 'flow.json')
  return result.ok
    ? []
    : result.mistakes.map(({ file, line, column, message }) => `${file}:${line}:${column} ${message}`)
}

const otp = flowJsonText('otp')

/** What is wrong after one change to the text of otp. */
const after = (search: string, replacement: string): readonly string[] => {
  expect(otp).toContain(search)
  return mistakesIn(otp.replace(search, replacement))
}

test.each([
  ['"version": "7.3",', '"version": 7,', '2:14 "version" must be a text such as "7.3", but is the number 7'],
  ['"version": "7.3",', '', '1:1 the Flow JSON has no "version"; the newest known here is "7.3"'],
  ['"screens": [', '"screen": [', '1:1 the Flow JSON has no "screens"; is "screen" meant?'],
  [
    '"OTP_SCREEN": ["VERIFIED"]',
    '"OTP_SCREEN": ["VERFIED"]',
    '4:68 "routing_model" names "VERFIED", but there is no such screen; is "VERIFIED" meant?',
  ],
  [
    '"OTP_SCREEN": ["VERIFIED"]',
    '"OTP_SCREEN": "VERIFIED"',
    '4:67 what may follow "OTP_SCREEN" in "routing_model" must be a list, but is the text "VERIFIED"',
  ],
  ['"id": "OTP_SCREEN"', '"id": "FORM_SCREEN"', '43:5 two screens have the id "FORM_SCREEN"'],
  [
    '"id": "FORM_SCREEN"',
    '"id": "SUCCESS"',
    '7:13 "SUCCESS" is what an endpoint ends a flow with, and cannot be the "id" of a screen',
  ],
  [
    '{ "type": "string", "__example__": "Mo" }',
    '{ "type": "strin" }',
    '10:33 data "name_value" of screen "FORM_SCREEN" has the type "strin"; it is one of string, number, boolean, object, array; is "string" meant?',
  ],
  [
    '{ "type": "string", "__example__": "Mo" }',
    '{ "__example__": "Mo" }',
    '10:23 data "name_value" of screen "FORM_SCREEN" has no "type"; it is one of string, number, boolean, object, array',
  ],
  [
    '"terminal": true',
    '"terminal": "true"',
    '74:19 "terminal" of screen "VERIFIED" must be true or false, but is the text "true"',
  ],
  [
    '"${data.name_value}"',
    '"${data.name_valeu}"',
    '22:27 ${data.name_valeu} leads to nothing: "name_valeu" is not in "data" of screen "FORM_SCREEN"; is "name_value" meant?',
  ],
  [
    '"${form.code}"',
    '"${form.cod}"',
    '66:80 ${form.cod} leads to nothing: screen "OTP_SCREEN" has no input "cod"; is "code" meant?',
  ],
  [
    '"${form.code}"',
    '"${screen.FORM_SCREN.form.name}"',
    '66:80 there is no screen "FORM_SCREN"; is "FORM_SCREEN" meant?',
  ],
  [
    '"${form.code}"',
    '"${screen.FORM_SCREEN.form.phone}"',
    '66:80 ${screen.FORM_SCREEN.form.phone} leads to nothing: screen "FORM_SCREEN" has no input "phone"',
  ],
  [
    '"${form.code}"',
    '"${screen.FORM_SCREEN.email}"',
    '66:80 "${screen.FORM_SCREEN.email}" refers to nothing; is "${screen.FORM_SCREEN.form.email}" meant?',
  ],
  [
    '"${form.code}"',
    '"${code}"',
    '66:80 "${code}" refers to nothing; it must begin with form., data. or, of another screen, screen.SCREEN.form. or screen.SCREEN.data.',
  ],
  [
    '"name": "data_exchange", "payload": { "resend": true }',
    '"name": "data_exhange", "payload": {}',
    '61:42 "on-click-action" of EmbeddedLink of screen "OTP_SCREEN" is "data_exhange"; it is one of data_exchange, navigate, complete, open_url, update_data; is "data_exchange" meant?',
  ],
  [
    '"name": "data_exchange", "payload": { "resend": true }',
    '"name": "navigate", "next": { "type": "screen", "name": "FORM" }',
    '61:32 there is no screen "FORM"',
  ],
  [
    '"name": "data_exchange", "payload": { "resend": true }',
    '"name": "navigate"',
    '61:32 "on-click-action" of EmbeddedLink of screen "OTP_SCREEN" navigates, but has no "next" that names a screen',
  ],
  [
    '"payload": { "resend": true }',
    '"payload": ["resend"]',
    '61:70 "payload" of "on-click-action" of EmbeddedLink of screen "OTP_SCREEN" must be an object, but is a list',
  ],
  ['"name": "code", ', '', '57:11 TextInput of screen "OTP_SCREEN" has no "name"'],
  ['"type": "EmbeddedLink",', '', '58:11 a component of screen "OTP_SCREEN" has no "type"'],
  [
    '"sensitive": ["code"]',
    '"sensitive": "code"',
    '47:20 "sensitive" of screen "OTP_SCREEN" must be a list, but is the text "code"',
  ],
])('%j → %j', (search, replacement, message) => {
  expect(after(search, replacement)).toContain(`flow.json:${message}`)
})

test.each([
  ['', '1:1 the file is not JSON from here on: a value is expected; a comma before ] is one too many'],
  [
    '{ "version": "7.3", }',
    '1:21 the file is not JSON from here on: a name in double quotes is expected; a comma before } is one too many',
  ],
  ['{ "version": "7.3"\n  "screens": [] }', '2:3 the file is not JSON from here on: a comma is expected before this'],
  ['{ "version": "7.3" // new\n}', '1:20 the file is not JSON from here on: JSON has no comments'],
  ['{ "a": "b', '1:8 the file is not JSON from here on: this text has no closing quote'],
  ["{ 'a': 1 }", '1:3 the file is not JSON from here on: this cannot stand here'],
  ['{} {}', '1:4 the file is not JSON from here on: the JSON has ended before this'],
  ['[]', '1:1 a Flow JSON must be an object, but is a list'],
  ['null', '1:1 a Flow JSON must be an object, but is null'],
])('%j is told with its place', (text, message) => {
  expect(mistakesIn(text)).toEqual([`flow.json:${message}`])
})

test('a name that stands twice in an object', () => {
  expect(after('"title": "Done",', '"title": "Done", "title": "Over",')).toEqual([
    'flow.json:73:24 "title" stands twice in this object; only one of them would count',
  ])
})

test('what is too large is refused before it is read', () => {
  expect(mistakesIn(`"${'a'.repeat(10 * 1024 * 1024)}"`)).toEqual([
    'flow.json:1:1 the file has 10.1 MB; Meta takes a Flow JSON of at most 10 MB',
  ])
  expect(mistakesIn('['.repeat(200_000))).toEqual([
    'flow.json:1:1 the file nests lists and objects more than 100 deep, which no Flow JSON needs',
  ])
  expect(mistakesIn(`[${'0,'.repeat(300_000)}0]`)).toEqual([
    'flow.json:1:1 the file has more than 200,000 values, which no Flow JSON needs',
  ])
  // The first quote hides the brackets from whoever only counts them.
  expect(mistakesIn(`"\n${'['.repeat(200_000)}`)).toEqual([
    'flow.json:1:1 the file is not JSON from here on: this text has no closing quote',
  ])
})

test('fifty thousand mistakes are a hundred sentences', () => {
  const many = Array.from({ length: 50_000 }, (_, index) => ({ type: 'TextBody', text: `\${data.t${index}}` }))
  const mistakes = mistakesIn(JSON.stringify(oneScreen(many, { text: { type: 'string', __example__: '' } })))
  expect(mistakes).toHaveLength(101)
  expect(mistakes.at(-1)).toEndWith('49,900 more mistakes are left out here')
})

test('long names and texts are cut in messages', () => {
  const [mistake = ''] = mistakesIn(
    JSON.stringify(oneScreen([{ type: 'TextBody', text: `\${${'x'.repeat(1_000_000)}}` }])),
  )
  expect(mistake).toContain('refers to nothing')
  expect(mistake.length).toBeLessThan(300)
})
