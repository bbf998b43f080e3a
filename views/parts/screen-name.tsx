/** @jsxImportSource preact */
/** A screen, or several that are one step. `name`: its title, or its id where it has none. */
export type ScreenNameView = { readonly id: string; readonly name: string }

type ScreenNameProps = {
  readonly of: ScreenNameView
  readonly href?: string | undefined
  /** Also shows the id; else it shows when the name is pointed at. */
  readonly withId?: true
}

export function ScreenName({ of: { id, name }, href, withId }: ScreenNameProps) {
  const attributes = name === id ? { class: 'screen' } : { class: 'screen screen-title', title: id }
  return (
    <>
      {href === undefined ? (
        <span {...attributes}>{name}</span>
      ) : (
        <a {...attributes} href={href}>
          {name}
        </a>
      )}
      {withId && <ScreenId of={{ id, name }} />}
    </>
  )
}

/** Nothing where the name has it. */
export const ScreenId = ({ of }: { readonly of: ScreenNameView }) =>
  hasId(of) ? null : <span class="screen-id">{of.id}</span>

/** For where there is only text: `Date & time (DATE)`. */
export const nameWithId = (of: ScreenNameView): string => (hasId(of) ? of.name : `${of.name} (${of.id})`)

const hasId = ({ id, name }: ScreenNameView): boolean => name === id || name.endsWith(`(${id})`)
