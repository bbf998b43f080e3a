/** @jsxImportSource preact */
// A screen of a flow as a phone draws it, roughly: titles, fields, options, the button.

import { whole } from '../numbers.ts'
import { Icon } from './icons.tsx'
import { type LinkedNumber, NumberOf } from './rate.tsx'

export type PhoneScreenView = { readonly title: string; readonly items: readonly PhoneItem[] }

export type PhoneItem = {
  readonly kind:
    | 'heading'
    | 'body'
    | 'caption'
    | 'link'
    | 'image'
    | 'input'
    | 'area'
    | 'date'
    | 'dropdown'
    | 'files'
    | 'radio'
    | 'checkbox'
    | 'chips'
    | 'list'
    | 'agree'
    | 'button'
  /** The text, or the label. */
  readonly text: string
  readonly options?: { readonly titles: readonly string[]; readonly more: number; readonly areExamples: boolean }
  /** Whether it is there only under a condition. */
  readonly isConditional: boolean
  /** What was refused in it, by rule. */
  readonly refused?: readonly (LinkedNumber & { readonly rule: string })[]
}

export function PhoneScreen({ screen: { title, items } }: { readonly screen: PhoneScreenView }) {
  return (
    <div class="phone">
      {title !== '' && <p class="phone-title">{title}</p>}
      {items.map((item) => (
        <div class={`phone-item phone-${item.kind}${item.isConditional ? ' phone-conditional' : ''}`}>
          <Item item={item} />
          {item.refused && (
            <p class="phone-refused">
              refused:{' '}
              {item.refused.map(({ rule, ...count }, index) => (
                <>
                  {index > 0 && ', '}
                  <NumberOf {...count} /> {rule}
                </>
              ))}
            </p>
          )}
        </div>
      ))}
    </div>
  )
}

function Item({ item: { kind, text, options } }: { readonly item: PhoneItem }) {
  switch (kind) {
    case 'image':
      return <p class="phone-picture">picture</p>
    case 'dropdown':
      return (
        <p class="phone-box">
          {text}
          <Icon name="down" />
        </p>
      )
    case 'radio':
    case 'checkbox':
    case 'chips':
    case 'list':
      return (
        <>
          {text !== '' && <p>{text}</p>}
          <ul>
            {options?.titles.map((option) => (
              <li>{option}</li>
            ))}
            {options !== undefined && options.more > 0 && <li>{whole(options.more)} more</li>}
          </ul>
          {options?.areExamples && (
            <p class="phone-note">{options.titles.length > 0 ? 'for example' : 'as they are sent'}</p>
          )}
        </>
      )
    case 'input':
    case 'area':
    case 'date':
    case 'files':
      return <p class="phone-box">{text}</p>
    default:
      return <p>{text}</p>
  }
}
