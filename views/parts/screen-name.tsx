/** @jsxImportSource preact */
/** A screen, or several that are one step. `name`: its title, or its id where it has none. */
export type ScreenNameView = { readonly id: string; readonly name: string }

/** The screens of a step of the funnel. */
export type StepNameView = readonly { readonly screen: ScreenNameView; readonly href?: string | undefined }[]

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

/** Each screen leads to its own page. */
export const StepName = ({ of }: { readonly of: StepNameView }) => (
  <>
    {of.map(({ screen, href }, index) => (
      <>
        {index > 0 && ' or '}
        <ScreenName of={screen} href={href} />
      </>
    ))}
  </>
)

export const stepText = (step: StepNameView): string => step.map(({ screen }) => screen.name).join(' or ')

/** Nothing where the name has it. */
export const ScreenId = ({ of }: { readonly of: ScreenNameView }) =>
  hasId(of) ? null : <span class="screen-id">{of.id}</span>

/** For where there is only text: `Date & time (DATE)`. */
export const nameWithId = (of: ScreenNameView): string => (hasId(of) ? of.name : `${of.name} (${of.id})`)

const hasId = ({ id, name }: ScreenNameView): boolean => name === id || name.endsWith(`(${id})`)
