// biome-ignore-all lint/suspicious/noTemplateCurlyInString: `${…}` is what a Flow JSON refers with, not a slip.

// A config is held against the Flow JSON of its flow.

import { beforeAll, describe, expect, test } from 'bun:test'
import { writeFile } from 'node:fs/promises'
import { configFolder } from '../../test/config-folder.ts'
import { configWith } from '../../test/kit.ts'
import { formatMistake } from './load.ts'

const { fileOf, load, good } = configFolder()
beforeAll(() => writeFile(fileOf('flows/visit.json'), FLOW_JSON))

/** Where lines are counted from. */
const FLOW_JSON = `{ "version": "7.3", "data_api_version": "4.0",
  "routing_model": { "ASK": ["DAY", "SUM"], "DAY": ["SUM"], "SUM": ["NOTE"], "NOTE": ["BYE"], "BYE": [] },
  "screens": [
    { "id": "ASK", "title": "Ask", "data": {},
      "layout": { "type": "SingleColumnLayout", "children": [
        { "type": "RadioButtonsGroup", "name": "kind", "label": "Kind", "data-source": [
          { "id": "first", "title": "First" }, { "id": "again", "title": "Again" }] },
        { "type": "CheckboxGroup", "name": "needs", "label": "Needs", "data-source": [{ "id": "lift", "title": "Lift" }] },
        { "type": "Footer", "label": "Go", "on-click-action": { "name": "data_exchange",
          "payload": { "kind": "\${form.kind}", "needs": "\${form.needs}" } } }] } },
    { "id": "DAY", "title": "Day",
      "data": {
        "days": { "type": "array", "items": { "type": "object", "properties": { "id": { "type": "string" }, "title": { "type": "string" } } },
          "__example__": [{ "id": "mo", "title": "Monday" }] },
        "is_late": { "type": "boolean", "__example__": false } },
      "layout": { "type": "SingleColumnLayout", "children": [
        { "type": "Dropdown", "name": "day", "label": "Day", "data-source": "\${data.days}" },
        { "type": "TextBody", "text": "Late", "visible": "\${data.is_late}" },
        { "type": "Footer", "label": "Go", "on-click-action": { "name": "data_exchange", "payload": { "day": "\${form.day}" } } }] } },
    { "id": "SUM", "title": "Sum", "data": {},
      "layout": { "type": "SingleColumnLayout", "children": [
        { "type": "Footer", "label": "Go", "on-click-action": { "name": "navigate", "next": { "type": "screen", "name": "NOTE" }, "payload": {} } }] } },
    { "id": "NOTE", "title": "Note", "data": {},
      "layout": { "type": "SingleColumnLayout", "children": [
        { "type": "TextInput", "name": "note", "label": "Note" },
        { "type": "Footer", "label": "Go", "on-click-action": { "name": "data_exchange", "payload": { "note": "\${form.note}" } } }] } },
    { "id": "BYE", "title": "Bye", "terminal": true, "data": {},
      "layout": { "type": "SingleColumnLayout", "children": [
        { "type": "Footer", "label": "Done", "on-click-action": { "name": "complete", "payload": {} } }] } }
  ] }
`
const GOOD = `a:
  flow_json: flows/visit.json
  start: ASK
  screens:
    ASK:
      fields:
        kind: { type: choice, in: [first, again], required: true }
        needs: { type: choices }
      next: DAY
    DAY:
      data: { days: [{ id: mo, title: Monday }], is_late: false }
      fields: { day: { type: choice } }
      next: SUM
    SUM: {}
    NOTE:
      fields: { note: { type: text } }
      next: BYE
    BYE: { ends: completed }
`

/** Without the folder; `found` of what is wrong, else of what is odd. */
async function told(flow: string) {
  const loaded = await load(configWith(flow).trimStart())
  const found = loaded.ok ? loaded.warnings : loaded.mistakes
  return { ok: loaded.ok, found: found.map(formatMistake).map((line) => line.replaceAll(fileOf('/'), '')) }
}

test('what fits is neither wrong nor odd, also where only the phone leads to a screen', async () => {
  expect(await told(GOOD)).toEqual({ ok: true, found: [] })
})

test.each([
  [
    'a screen that it has not',
    ['    NOTE:\n', '    NOTES:\n'],
    ['config.yaml:20:7 the Flow JSON has no screen NOTES; did you mean NOTE?'],
  ],
  [
    'a screen of it that asks, and is not here',
    [/ {4}NOTE:\n(?: {6}.*\n)*/, ''],
    [
      'config.yaml:9:5 screen NOTE of the Flow JSON (flows/visit.json:23:5) asks the endpoint, and is not defined here, so that each of its requests would fail',
    ],
  ],
  [
    'a field that the screen does not submit',
    ['needs: { type', 'need: { type'],
    ['config.yaml:13:11 screen ASK submits no need (flows/visit.json:4:5); did you mean needs?'],
  ],
  [
    'a type that what is submitted never has',
    ['needs: { type: choices }', 'needs: { type: choice }'],
    ['config.yaml:13:26 needs is list of string (flows/visit.json:8:9), which is never a choice'],
  ],
  [
    'an option that people can choose and that is refused',
    ['[first, again]', '[first, agian]'],
    ['config.yaml:12:37 people can choose again (flows/visit.json:6:9), which `in` refuses; `in` has agian'],
  ],
  [
    'a property that is misspelt',
    ['days: [', 'dayz: ['],
    ['config.yaml:16:17 dayz is not in "data" of screen DAY (flows/visit.json:11:5); did you mean days?'],
  ],
  [
    'a property that is not given',
    [', is_late: false', ''],
    [
      'config.yaml:15:7 screen DAY must be sent with is_late (flows/visit.json:15:20), and neither `data` nor `pass` gives it',
    ],
  ],
  [
    'data of another type',
    ['is_late: false', 'is_late: "{{ known.day }}"'],
    [
      'config.yaml:16:61 is_late is a text; { expr: … } stands for a result itself; the Flow JSON declares it as boolean (flows/visit.json:15:20)',
    ],
  ],
  [
    'data without a part of it',
    ['{ id: mo, title: Monday }', '{ id: mo }'],
    ['config.yaml:16:23 days.title is missing; the Flow JSON declares it as string (flows/visit.json:13:17)'],
  ],
  [
    'an option that an expression makes, misspelt',
    ['days: [{ id: mo, title: Monday }]', `days: { expr: "[{ 'id': 'mo', 'titel': 'Monday' }]" }`],
    [
      'config.yaml:16:23 this makes objects of id, titel without title, which days must have; is titel meant for it? (flows/visit.json:13:17)',
    ],
  ],
  [
    'a name that nothing submits',
    ['fields: { day: { type: choice } }', 'fields: { day: { type: choice, check: input.dya != value } }'],
    ['config.yaml:17:47 nothing is ever input.dya here; did you mean input.day?'],
  ],
  [
    'a way that it forbids',
    ['next: DAY\n', 'next: BYE\n'],
    ['config.yaml:14:15 "routing_model" lets DAY, SUM follow ASK (flows/visit.json:4:5), not BYE'],
  ],
  [
    'a start that is no entry',
    ['start: ASK', 'start: DAY'],
    [
      'config.yaml:8:12 a flow cannot be opened with screen DAY, as others lead there (flows/visit.json:11:5); expected ASK',
    ],
  ],
  [
    'a screen that asks, and nothing follows',
    ['      next: BYE\n', ''],
    [
      'config.yaml:20:7 screen NOTE asks the endpoint (flows/visit.json:26:63), and nothing says what follows; expected `next` or `complete`',
    ],
  ],
] as const)('%s is a mistake', async (_, [from, to], found) => {
  expect(GOOD.replace(from, to)).not.toBe(GOOD)
  const { ok, found: all } = await told(GOOD.replace(from, to))
  expect({ ok, found: all }).toEqual({ ok: false, found: [...found] })
})

test.each([
  [
    'a property that it has not',
    ['is_late: false', 'is_late: false, colour: red'],
    'config.yaml:16:68 colour is not in "data" of screen DAY (flows/visit.json:11:5)',
  ],
  [
    'a value that nobody can choose',
    ['[first, again]', '[first, again, never]'],
    'config.yaml:12:37 nobody can choose never (flows/visit.json:6:9); the options are first, again',
  ],
  [
    'an option that an expression makes without its title',
    ['days: [{ id: mo, title: Monday }]', `days: { expr: "[{ 'id': 'mo', 's': 'Monday' }]" }`],
    'config.yaml:16:23 this makes objects of id, s without title, which days must have (flows/visit.json:13:17)',
  ],
  [
    'a name that nothing submits',
    ['next: SUM\n', 'next: [{ when: known.colour, to: SUM }, { to: SUM }]\n'],
    'config.yaml:18:24 nothing is ever known.colour here; there is kind, needs, day, note',
  ],
  [
    'a `next` that is never used',
    ['SUM: {}', 'SUM: { next: NOTE }'],
    'config.yaml:19:14 no action of screen SUM is a data_exchange (flows/visit.json:20:5), so `next` is never used',
  ],
  [
    'a screen that the phone ends',
    ['{ ends: completed }', '{}'],
    'config.yaml:23:7 the phone ends the flow on screen BYE (flows/visit.json:29:65), which nobody sees; `ends: completed` or `ends: unfinished` says how being sent it counts',
  ],
] as const)('%s is odd', async (_, [from, to], found) => {
  expect(await told(GOOD.replace(from, to))).toEqual({ ok: true, found: [found] })
})

describe('what an expression makes on its way to the options is not told:', () => {
  const withDays = (expression: string) =>
    GOOD.replace('[{ id: mo, title: Monday }]', `{ expr: "${expression}" }`).replace(
      'start:',
      'lists: { all: [{ id: mo, title: Mon }] }\n  start:',
    )
  test.each([
    ['objects within an option', `[{ 'id': 'mo', 'title': 'Monday', 'more': { 'id': 'x', 'name': 'y' } }]`],
    ['objects that others are made of', `lists.all.{ 'id': date, 'titel': name }.{ 'id': id, 'title': titel }`],
    ['objects of a condition', `lists.all[{ 'id': id, 'titel': 1 }.id = 'mo'].{ 'id': id, 'title': title }`],
    ['what a transformation puts in', `lists.all ~> |$|{ 'id': $string(id), 'titel': 1 }|`],
    ['objects that are grouped', `lists.all.{ 'id': date, 'titel': name }{ 'id': id, 'title': titel }`],
  ])('%s', async (_, expression) => {
    expect(await told(withDays(expression))).toEqual({ ok: true, found: [] })
  })

  test.each([
    ['sorted', `lists.all.{ 'id': date, 'titel': name }^(id)`],
    ['the first of them', `lists.all.{ 'id': date, 'titel': name }[0]`],
    ['made by a function', `$map(lists.all, function($day) { { 'id': $day.date, 'titel': $day.name } })`],
    ['of a variable', `($all := lists.all.{ 'id': date, 'titel': name }; $all)`],
    ['put together', `$append([], lists.all.[{ 'id': date, 'titel': name }])`],
  ])('but the options are, %s', async (_, expression) => {
    const { ok, found } = await told(withDays(expression))
    expect(ok).toBe(false)
    expect(found).toEqual([expect.stringContaining('this makes objects of id, titel without title')])
  })
})

test('behind a tap, a list of allowed values refuses nobody, and another than the Flow JSON’s is odd', async () => {
  const tapped = (kinds: string) => `a:
  flow_json: flows/visit.json
  tap: { url: "https://example.com/flow" }
  lists: { kinds: [{ id: first }, { id: 2 }, { title: Again }] }
  screens: { ASK: { fields: { kind: { type: choice, in: ${kinds} } } } }
`
  const where = 'config.yaml:10:59 people can choose again (flows/visit.json:6:9), which `in` does not have'
  expect(await told(tapped('[first, again]'))).toEqual({ ok: true, found: [] })
  expect(await told(tapped('[first, agian]'))).toEqual({ ok: true, found: [`${where}; it has agian`] })
  expect(await told(tapped('kinds'))).toEqual({
    ok: true,
    found: [
      'config.yaml:9:43 id of an option must be a text, found 2; write "2"',
      'config.yaml:9:48 fields are chosen from this list by `in`, and this entry has no id',
      `${where}; it has 2`,
    ],
  })
})

/** The Flow JSON with a link on ASK that submits this. */
async function withLink(payload: string): Promise<string> {
  const link = `{ "type": "EmbeddedLink", "text": "Go", "on-click-action": { "name": "data_exchange", "payload": ${payload} } },`
  await writeFile(
    fileOf('flows/link.json'),
    FLOW_JSON.replace('{ "type": "Footer"', `${link}\n        { "type": "Footer"`),
  )
  return GOOD.replace('visit.json', 'link.json')
}

test('a link that submits nothing for a field is as good as leaving it out', async () => {
  const config = await withLink('{ "kind": "", "needs": [] }')
  expect(await told(config.replace(', required: true', ''))).toEqual({ ok: true, found: [] })
})

test('what a link submits and `in` refuses is told where it stands', async () => {
  expect(await told(await withLink('{ "needs": [], "kind": "never" }'))).toEqual({
    ok: false,
    found: ['config.yaml:12:37 people can choose never (flows/link.json:9:129), which `in` refuses'],
  })
})

test.each([
  ['an object with both ends', '{ "start-date": "2026-01-02", "end-date": "2026-01-03" }', true],
  ['another object', '{ "from": "${form.kind}" }', false],
])('%s as a range of dates', async (_, value, isOk) => {
  const config = await withLink(`{ "stay": ${value} }`)
  const { ok, found } = await told(
    config.replace('      next: DAY', '        stay: { type: date_range }\n      next: DAY'),
  )
  expect(ok).toBe(isOk)
  if (!isOk)
    expect(found).toEqual(['config.yaml:14:25 stay is object (flows/link.json:9:116), which is never a date_range'])
})

test('a screen that people are sent and can only close is odd; one that they read on the way is not', async () => {
  const stuck = FLOW_JSON.replace(
    '"name": "complete", "payload": {}',
    '"name": "open_url", "url": "https://example.com"',
  )
  await writeFile(fileOf('flows/stuck.json'), stuck)
  const config = GOOD.replace('visit.json', 'stuck.json').replace('{ ends: completed }', '{}')
  expect(await told(config)).toEqual({
    ok: true,
    found: [
      'config.yaml:23:7 nobody can leave screen BYE (flows/stuck.json:27:5): none of its actions leads on or ends the flow',
    ],
  })
  expect(await told(config.replace('next: BYE', 'complete: {}').replace('    BYE: {}\n', ''))).toEqual({
    ok: true,
    found: [],
  })
})

test('a name that means one thing here and another there is odd', async () => {
  await writeFile(fileOf('flows/twice.json'), FLOW_JSON.replace('"note": "${form.note}"', '"needs": "${form.note}"'))
  const { ok, found } = await told(GOOD.replace('visit.json', 'twice.json').replace('note: {', 'needs: {'))
  expect({ ok, found }).toEqual({
    ok: true,
    found: [
      'config.yaml:9:5 "needs" is submitted with different types (list of string on ASK, string on NOTE); another name on one of them keeps the two apart (flows/twice.json:10:57)',
    ],
  })
})

test('with `examples`, what an example stands in for is only odd', async () => {
  const { ok, found } = await told(GOOD.replace(', is_late: false', '').replace('start:', 'examples: true\n  start:'))
  expect(ok).toBe(true)
  expect(found).toHaveLength(1)
})

describe('a Flow JSON', () => {
  test('that is not there is told at its name', async () => {
    expect(await told(GOOD.replace('visit.json', 'visits.json'))).toEqual({
      ok: false,
      found: ['config.yaml:7:16 cannot read the Flow JSON flows/visits.json: there is no such file'],
    })
  })

  test('with mistakes is told with its own places, beside the mistakes of the config', async () => {
    await writeFile(fileOf('flows/broken.json'), FLOW_JSON.replace('data.days}', 'data.dayz}'))
    const { ok, found } = await told(GOOD.replace('visit.json', 'broken.json').replace('next: SUM', 'next: SAM'))
    expect(ok).toBe(false)
    expect(found).toEqual([
      'config.yaml:18:15 screen "SAM" is not defined; did you mean SUM?',
      'flows/broken.json:17:77 ${data.dayz} leads to nothing: "dayz" is not in "data" of screen "DAY"; is "days" meant?',
    ])
  })

  test('makes another version of the flow by what it says, not by its name, its white space or the order of its keys', async () => {
    const { screens, ...head } = JSON.parse(FLOW_JSON)
    await writeFile(fileOf('flows/same.json'), JSON.stringify({ screens, ...head }))
    await writeFile(fileOf('flows/other.json'), FLOW_JSON.replace('"Late"', '"Too late"'))
    const named = (flow: string, line: string) =>
      GOOD.replace('a:', `${flow}:`).replace('  flow_json: flows/visit.json\n', line)
    const { flows } = await good(
      configWith(
        GOOD +
          named('same', '  flow_json: flows/same.json\n') +
          named('other', '  flow_json: flows/other.json\n') +
          named('none', ''),
      ),
    )
    const versions = new Map([...flows].map(([flow, { version }]) => [flow, version]))
    expect(versions.get('same')).toBe(versions.get('a') as string)
    expect(new Set(versions.values()).size).toBe(3)
  })

  test('that is no text at all leaves the rest to be checked', async () => {
    const { found } = await told(GOOD.replace('flows/visit.json', '5').replace('next: SUM', 'next: SAM'))
    expect(found).toEqual([
      'config.yaml:7:16 `flow_json` must be text, found 5',
      'config.yaml:18:15 screen "SAM" is not defined; did you mean SUM?',
    ])
  })
})
