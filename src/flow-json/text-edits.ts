// Changes to a JSON text at places of its tree, in the way it is written there: on one line or on many.

import type { Edit } from 'jsonc-parser'
import type { JsonNode, Member, ObjectNode } from './json-tree.ts'

type ListNode = Extract<JsonNode, { readonly kind: 'list' }>

/** `[name, JSON text of its value]`. */
type NewMember = readonly [name: string, value: string]

export const replaceValue = ({ offset, end }: JsonNode, value: string): Edit => ({
  offset,
  length: end - offset,
  content: value,
})

export function insertFirst(text: string, object: ObjectNode, members: readonly NewMember[]): Edit {
  const [first] = object.members.values()
  if (!first) return replaceValue(object, `{ ${members.map(written).join(', ')} }`)
  const gap = gapBefore(text, first.offset)
  return { offset: first.offset, length: 0, content: members.map((member) => `${written(member)},${gap}`).join('') }
}

export function insertAfter(text: string, before: Member, member: NewMember): Edit {
  return { offset: before.value.end, length: 0, content: `,${gapBefore(text, before.offset)}${written(member)}` }
}

export function appendItems(text: string, list: ListNode, values: readonly string[]): Edit {
  const last = list.items.at(-1)
  if (!last) return replaceValue(list, `[${values.join(', ')}]`)
  const gap = gapBefore(text, last.offset) || (list.items.length === 1 ? ' ' : '')
  return { offset: last.end, length: 0, content: values.map((value) => `,${gap}${value}`).join('') }
}

/** With the comma that it had. The member must not be the only one. */
export function removeMember(object: ObjectNode, name: string): Edit | undefined {
  const members = [...object.members]
  const index = members.findIndex(([other]) => other === name)
  const [, member] = members[index] ?? []
  const [, next] = members[index + 1] ?? []
  const [, before] = members[index - 1] ?? []
  if (member && next) return { offset: member.offset, length: next.offset - member.offset, content: '' }
  return member && before && { offset: before.value.end, length: member.value.end - before.value.end, content: '' }
}

const written = ([name, value]: NewMember): string => `${JSON.stringify(name)}: ${value}`

/** The white space before something, with its line break. */
function gapBefore(text: string, offset: number): string {
  let start = offset
  while (start > 0 && ' \t\r\n'.includes(text[start - 1] ?? '')) start--
  return text.slice(start, offset)
}
