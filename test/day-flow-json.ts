// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Flow JSON has such texts

// A Flow JSON of three screens: a day, a time, the end.

import type { JsonObject } from '../src/lib/json.ts'

export const dayFlowJson = {
  version: '7.0',
  data_api_version: '3.0',
  routing_model: { DAY: ['TIME'], TIME: ['DONE'], DONE: [] },
  screens: [
    screen('DAY', { days: list(), note: text() }, { day: 'Dropdown' }),
    screen('TIME', { label: text() }, { time: 'TextInput' }),
    { ...screen('DONE', {}, {}), terminal: true, success: true },
  ],
}
function text() {
  return { type: 'string', __example__: 'x' }
}
function list() {
  const items = { type: 'object', properties: { id: { type: 'string' }, title: { type: 'string' } } }
  return { type: 'array', items, __example__: [{ id: 'a', title: 'A' }] }
}
function screen(id: string, data: JsonObject, inputs: { [name: string]: string }) {
  const fields = Object.entries(inputs).map(([name, type]) => ({
    type,
    name,
    label: name,
    required: true,
    ...(type === 'Dropdown' && { 'data-source': '${data.days}' }),
  }))
  const payload = Object.fromEntries(Object.keys(inputs).map((name) => [name, `\${form.${name}}`]))
  const action = { name: 'data_exchange', payload }
  const footer = { type: 'Footer', label: 'Go on', 'on-click-action': action }
  return { id, title: id, data, layout: { type: 'SingleColumnLayout', children: [...fields, footer] } }
}
