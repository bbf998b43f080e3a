// A screen as the phone draws it, from its Flow JSON, with what was refused beside each field.

import type { PhoneItem, PhoneScreenView } from '../../views/parts/phone-screen.tsx'
import { fieldsOf } from '../flow-json/fields.ts'
import type { Component, FlowJson, Screen, Value } from '../flow-json/flow-json.ts'
import { titleOf } from '../flow-json/titles.ts'

/** `refused`: by the name that the screen submits a field under. Undefined where the Flow JSON does not have the screen. */
export function phoneScreenOf(
  flowJson: FlowJson | undefined,
  id: string,
  refused: ReadonlyMap<string, NonNullable<PhoneItem['refused']>>,
): PhoneScreenView | undefined {
  const screen = flowJson?.screens.get(id)
  if (!flowJson || !screen) return undefined
  const submittedAs = new Map(
    fieldsOf(flowJson, id, ['data_exchange']).flatMap(({ name, origins }) =>
      origins.map(({ component }) => [component.name, name] as const),
    ),
  )
  const items = screen.components.flatMap((component) => {
    const item = itemOf(component, screen)
    if (!item) return []
    const found = refused.get(submittedAs.get(component.name) ?? component.name ?? '')
    return [{ ...item, isConditional: isConditional(component), ...(found && { refused: found }) }]
  })
  return { title: titleOf(screen) ?? '', items }
}

const isConditional = ({ branches, properties }: Component): boolean => branches.length > 0 || properties.has('visible')

function itemOf(component: Component, screen: Screen): Pick<PhoneItem, 'kind' | 'text' | 'options'> | undefined {
  const { type, label, properties } = component
  const text = textOf(properties.get('text'), screen)
  const labelled = textOf(label, screen) || component.name || ''
  const kind = KINDS[type]
  switch (kind) {
    case undefined:
      return undefined
    case 'heading':
    case 'body':
    case 'caption':
    case 'link':
      return text === '' ? undefined : { kind, text }
    case 'image':
      return { kind, text: '' }
    case 'radio':
    case 'checkbox':
    case 'chips':
    case 'list':
      return { kind, text: labelled, options: optionsOf(component) }
    default:
      return { kind, text: labelled }
  }
}

/** Anything else, such as a Form, draws nothing of its own. */
const KINDS: { readonly [type: string]: PhoneItem['kind'] } = {
  TextHeading: 'heading',
  TextSubheading: 'heading',
  TextBody: 'body',
  RichText: 'body',
  TextCaption: 'caption',
  TextInput: 'input',
  TextArea: 'area',
  DatePicker: 'date',
  CalendarPicker: 'date',
  Dropdown: 'dropdown',
  RadioButtonsGroup: 'radio',
  CheckboxGroup: 'checkbox',
  ChipsSelector: 'chips',
  NavigationList: 'list',
  OptIn: 'agree',
  EmbeddedLink: 'link',
  PhotoPicker: 'files',
  DocumentPicker: 'files',
  Image: 'image',
  ImageCarousel: 'image',
  Footer: 'button',
}

const MOST_OPTIONS = 6

function optionsOf({ options }: Component): NonNullable<PhoneItem['options']> {
  const found = options?.from === 'list' ? options.items : options?.from === 'data' ? options.examples : []
  const titles = found.map(({ id, title }) => title ?? id)
  return {
    titles: titles.slice(0, MOST_OPTIONS),
    more: Math.max(0, titles.length - MOST_OPTIONS),
    areExamples: options?.from !== 'list',
  }
}

/** What comes when the flow runs is told by its example. */
function textOf(value: Value | undefined, screen: Screen): string {
  if (!value) return ''
  switch (value.kind) {
    case 'constant':
    case 'sample':
      return plain(value.value)
    case 'reference':
      return value.to === 'data' && value.screen === undefined ? plain(screen.data.get(value.name)?.example) : ''
    case 'expression':
      return value.text.replaceAll(/\$\{[^}]*\}/g, '…').replaceAll(/[`']/g, '')
    case 'list':
      return value.items.map((item) => textOf(item, screen)).join(' ')
    case 'object':
      return ''
  }
}

const plain = (value: unknown): string =>
  Array.isArray(value) ? value.map(plain).join(' ') : typeof value === 'string' ? value.replaceAll(/[*_~#]/g, '') : ''
