// The components of Flow JSON and what each can have, by Meta's "Components" and "Media upload components".
// `since` is the version of Flow JSON that brought it.

export type SubmittedKind = 'text' | 'option' | 'options' | 'agreement' | 'day' | 'calendar' | 'files'

export type ComponentType = {
  readonly since: string
  /** What it submits under its name. */
  readonly submits?: SubmittedKind
  /** Properties that came with it, and those that came later with their version. */
  readonly has: readonly string[]
  readonly later?: { readonly [property: string]: string }
  /** Without these it cannot work. */
  readonly needs?: readonly string[]
}

const TEXT = ['text', 'visible']
const STYLE = ['font-weight', 'strikethrough']
const INPUT = ['name', 'label', 'required', 'visible', 'enabled']
const CHOICE = [...INPUT, 'data-source', 'on-select-action']
const FORM_LATER = { 'init-value': '4.0', 'error-message': '4.0' }
const CHOICE_LATER = { ...FORM_LATER, 'on-unselect-action': '6.0' }
const GROUP_LATER = { ...CHOICE_LATER, description: '4.0', 'media-size': '5.0' }
const SELECTED = ['min-selected-items', 'max-selected-items']
const CALENDAR = [
  'mode',
  'title',
  'description',
  'min-date',
  'max-date',
  'unavailable-dates',
  'include-days',
  'min-days',
  'max-days',
]
const FILES = ['name', 'label', 'description', 'visible', 'enabled', 'max-file-size-kb', 'error-message']

export const COMPONENT_TYPES: { readonly [type: string]: ComponentType } = {
  TextHeading: { since: '2.1', has: TEXT },
  TextSubheading: { since: '2.1', has: TEXT },
  TextBody: { since: '2.1', has: [...TEXT, ...STYLE], later: { markdown: '5.1' } },
  TextCaption: { since: '2.1', has: [...TEXT, ...STYLE], later: { markdown: '5.1' } },
  RichText: { since: '5.1', has: TEXT },
  TextInput: {
    since: '2.1',
    submits: 'text',
    has: [...INPUT, 'input-type', 'min-chars', 'max-chars', 'helper-text'],
    later: { ...FORM_LATER, pattern: '6.2', 'label-variant': '7.0' },
    needs: ['name'],
  },
  TextArea: {
    since: '2.1',
    submits: 'text',
    has: [...INPUT, 'max-length', 'helper-text'],
    later: { ...FORM_LATER, 'label-variant': '7.0' },
    needs: ['name'],
  },
  CheckboxGroup: {
    since: '2.1',
    submits: 'options',
    has: [...CHOICE, ...SELECTED],
    later: GROUP_LATER,
    needs: ['name', 'data-source'],
  },
  RadioButtonsGroup: {
    since: '2.1',
    submits: 'option',
    has: CHOICE,
    later: GROUP_LATER,
    needs: ['name', 'data-source'],
  },
  Dropdown: { since: '2.1', submits: 'option', has: CHOICE, later: CHOICE_LATER, needs: ['name', 'data-source'] },
  ChipsSelector: {
    since: '6.3',
    submits: 'options',
    has: [...CHOICE, ...SELECTED, 'description', 'init-value', 'error-message'],
    later: { 'on-unselect-action': '7.1' },
    needs: ['name', 'data-source'],
  },
  OptIn: {
    since: '2.1',
    submits: 'agreement',
    has: ['name', 'label', 'required', 'visible', 'on-click-action'],
    later: { 'init-value': '4.0', 'on-select-action': '6.0', 'on-unselect-action': '6.0' },
    needs: ['name'],
  },
  DatePicker: {
    since: '2.1',
    submits: 'day',
    has: [...INPUT, 'min-date', 'max-date', 'unavailable-dates', 'helper-text', 'on-select-action'],
    later: FORM_LATER,
    needs: ['name'],
  },
  CalendarPicker: {
    since: '6.1',
    submits: 'calendar',
    has: [...INPUT, ...CALENDAR, 'helper-text', 'init-value', 'error-message', 'on-select-action'],
    needs: ['name'],
  },
  PhotoPicker: {
    since: '4.0',
    submits: 'files',
    has: [...FILES, 'photo-source', 'min-uploaded-photos', 'max-uploaded-photos'],
    needs: ['name'],
  },
  DocumentPicker: {
    since: '4.0',
    submits: 'files',
    has: [...FILES, 'allowed-mime-types', 'min-uploaded-documents', 'max-uploaded-documents'],
    needs: ['name'],
  },
  Image: { since: '2.1', has: ['src', 'width', 'height', 'scale-type', 'aspect-ratio', 'alt-text', 'visible'] },
  ImageCarousel: { since: '7.1', has: ['images', 'aspect-ratio', 'scale-type', 'visible'] },
  NavigationList: {
    since: '6.2',
    has: ['name', 'list-items', 'label', 'description', 'media-size', 'visible', 'on-click-action'],
    needs: ['list-items'],
  },
  EmbeddedLink: { since: '2.1', has: ['text', 'visible', 'on-click-action'], needs: ['on-click-action'] },
  Footer: {
    since: '2.1',
    has: ['label', 'left-caption', 'center-caption', 'right-caption', 'enabled', 'on-click-action'],
    needs: ['on-click-action'],
  },
  Form: { since: '2.1', has: ['name', 'children', 'init-values', 'error-messages'], needs: ['children'] },
  If: { since: '4.0', has: ['condition', 'then', 'else'], needs: ['condition', 'then'] },
  Switch: { since: '4.0', has: ['value', 'cases'], needs: ['value', 'cases'] },
}

/** Of a screen. */
export const MOST_COMPONENTS = 50

export const EVENTS = ['on-click-action', 'on-select-action', 'on-unselect-action'] as const

/** The version that brought each kind. */
export const ACTION_KINDS: { readonly [kind: string]: string } = {
  data_exchange: '2.1',
  navigate: '2.1',
  complete: '2.1',
  open_url: '6.0',
  update_data: '6.0',
}
