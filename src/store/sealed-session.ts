// What a session said, sealed: the store keeps it for whichever process answers next, and cannot read it.

/** Of one token in one flow. */
export type SealedSession = {
  readonly flow: string
  /** As it is stored with events. */
  readonly token: string
  /** When the request was received after which the session was like this, milliseconds since the epoch. */
  readonly at: number
  /** Nobody needs it from then on. */
  readonly expiresAt: number
  /** Base64. */
  readonly sealed: string
}
