// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Flow JSON has such texts

import { expect, test } from 'bun:test'
import { flowJsonNamed, flowJsonOf, onlyScreen } from '../../test/flow-json-kit.ts'
import { titlesIn } from '../flow-json/titles.ts'
import { screenNamer } from './screen-names.ts'

const footer = { type: 'Footer', label: 'Send', 'on-click-action': { name: 'complete', payload: {} } }
const titlesOf = (title: string) =>
  titlesIn(flowJsonOf({ version: '7.0', screens: [{ ...onlyScreen([footer], { name: TEXT }), title }] }))
const TEXT = { type: 'string', __example__: 'x' }

test('titles are those that stand in the Flow JSON', () => {
  expect(titlesIn(flowJsonNamed('loan')).LOAN).toBe('Your offer')
  expect(titlesOf(' Yours ')).toEqual({ ONLY: 'Yours' })
  for (const unknown of ['${data.name}', ' ', '']) expect(titlesOf(unknown)).toEqual({})
  expect(titlesIn(undefined)).toEqual({})
})

test.each([
  ['a screen with a title', { DATE: 'Date & time' }, 'DATE', 'Date & time'],
  ['one without', { DATE: 'Date & time' }, 'SERVICE', 'SERVICE'],
  ['one whose id every object knows', { DATE: 'Date & time' }, 'constructor', 'constructor'],
  ['two with the same title', { DATE: 'When?', TIME: 'When?', PLACE: 'Where?' }, 'TIME', 'When? (TIME)'],
  ['one beside these', { DATE: 'When?', TIME: 'When?', PLACE: 'Where?' }, 'PLACE', 'Where?'],
  ['a title that is the id of another', { DATE: 'TIME', TIME: 'When?' }, 'DATE', 'TIME (DATE)'],
  ['a title that is its own id', { DATE: 'DATE' }, 'DATE', 'DATE'],
  ['a title from right to left', { CONFIRM: 'تأكيد الموعد' }, 'CONFIRM', '\u2068تأكيد الموعد\u2069'],
  ['two of these', { A: 'تأكيد', B: 'تأكيد' }, 'B', '\u2068تأكيد\u2069 (B)'],
])('%s', (_, titles, screen, name) => {
  expect(screenNamer(titles)(screen)).toBe(name)
})
