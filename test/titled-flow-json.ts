// A Flow JSON for the flow of docs/numbers.md, whose titles are all kinds of titles.

/** Of 60 characters. */
export const LONG_TITLE = 'How we can reach you on the day, by phone or by e-mail, soon'
/** From right to left. */
export const ARABIC_TITLE = 'تأكيد الموعد'

/** Two screens have the same title, and SERVICE has none. */
const TITLES: { readonly [screen: string]: string | undefined } = {
  SERVICE: undefined,
  DATE: 'Date & time',
  HELP: 'One moment',
  CONTACT: LONG_TITLE,
  CONFIRM: ARABIC_TITLE,
  EMERGENCY: 'One moment',
}

const NEXT: { readonly [screen: string]: readonly string[] } = {
  SERVICE: ['DATE'],
  DATE: ['HELP', 'CONTACT'],
  HELP: ['CONTACT'],
  CONTACT: ['CONFIRM', 'EMERGENCY'],
  CONFIRM: [],
  EMERGENCY: [],
}

export const titledFlowJson = {
  version: '7.0',
  data_api_version: '3.0',
  routing_model: NEXT,
  screens: Object.entries(TITLES).map(([id, title]) => ({
    id,
    ...(title !== undefined && { title }),
    ...(NEXT[id]?.length === 0 && { terminal: true, success: true }),
    data: {},
    layout: { type: 'SingleColumnLayout', children: childrenOf(id) },
  })),
}

function childrenOf(id: string): object[] {
  const options = ['emergency', 'routine'].map((option) => ({ id: option, title: option }))
  const field = { type: 'RadioButtonsGroup', name: 'service', label: 'Service', required: true, 'data-source': options }
  const isFirst = id === 'SERVICE'
  // biome-ignore lint/suspicious/noTemplateCurlyInString: Flow JSON has such texts
  const payload = isFirst ? { service: '${form.service}' } : {}
  return [
    ...(isFirst ? [field] : []),
    { type: 'Footer', label: 'Go on', 'on-click-action': { name: 'data_exchange', payload } },
  ]
}
