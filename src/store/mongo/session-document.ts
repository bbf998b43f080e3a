// One session as a document of `sessions`, and back.

import type { Session } from '../../trail/session.ts'

export type SessionDocument = Omit<Session, 'id' | keyof SessionBody> & {
  readonly _id: string
  /** Of the token; see `segment.ts`. */
  readonly segment: number
  /** Whether there is a `completedAt`: an index counts a value without a look at the documents, but not a lack of one. */
  readonly isCompleted: boolean
  /** JSON of the fields that no query filters by. */
  readonly body: string
}

type SessionBody = Pick<Session, 'steps' | 'furthest' | 'choices' | 'counts'>

export function toSessionDocument(session: Session, segment: number): SessionDocument {
  const { id, steps, furthest, choices, counts, ...rest } = session
  const body: SessionBody = { steps, furthest, choices, counts }
  return { _id: id, ...rest, segment, isCompleted: rest.completedAt !== undefined, body: JSON.stringify(body) }
}

export function fromSessionDocument({ _id, segment: _s, isCompleted: _c, body, ...rest }: SessionDocument): Session {
  return { id: _id, ...rest, ...(JSON.parse(body) as SessionBody) }
}
