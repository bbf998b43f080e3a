import { z } from 'zod'
import { countShape, instant, list } from '../lib/shapes.ts'

/** An error within an answered request: a refused field, a client's error key, an upstream failure. */
export const trailErrorShape = z.strictObject({
  /** `invalid_field`, `upstream_timeout`, `unknown_screen`, `client:payload-schema-error`, … */
  code: z.string(),
  /** The field that was refused, or the source that failed. */
  field: z.string().exactOptional(),
  /** The validation rule that refused it: `required`, `type`, `min`, … */
  rule: z.string().exactOptional(),
  message: z.string().exactOptional(),
})
export type TrailError = Readonly<z.output<typeof trailErrorShape>>

const duration = z.number().min(0)

/** One visit to one screen. */
export const stepShape = z.strictObject({
  screen: z.string(),
  /**
   * `seen`: we sent the screen. Otherwise a request came from a screen that we had not sent last, because the client moved there by itself:
   * `returned` by its own Back to a screen that the person had come through, `inferred` in another way.
   */
  showing: z.enum(['seen', 'inferred', 'returned']),
  /** When we sent it, else the time of its first request. */
  shownAt: instant,
  /** Absent while the visit is open, like `end`. */
  leftAt: instant.exactOptional(),
  /** How the visit ended. `unseen_back`: by the client's own Back, which asks nobody; the next visit is `returned` then. */
  end: z.enum(['submitted', 'completed', 'back', 'unseen_back', 'reopened', 'moved']).exactOptional(),
  /** Time the user had the screen before each request from it, summed; milliseconds. Unknown time does not count. */
  dwellMs: duration,
  /** Our time over the requests from this screen, `upstreamMs` of it waiting for outside APIs; milliseconds. */
  processingMs: duration,
  upstreamMs: duration,
  /** Our time over the request answered with this screen, milliseconds. Absent if we did not send it. */
  loadMs: duration.exactOptional(),
  /** Requests from this screen, without repeats. */
  requests: countShape,
  /** Refused submissions by field and rule. */
  rejects: list(z.strictObject({ field: z.string(), rule: z.string(), count: countShape })),
  /** Other errors while the user was here: of the client, of outside APIs, our own. */
  errors: list(trailErrorShape),
})
export type Step = Readonly<z.output<typeof stepShape>>
export type StepEnd = NonNullable<Step['end']>

export const sessionCountsShape = z.strictObject({
  events: countShape,
  repeats: countShape,
  /** Refused requests. */
  rejects: countShape,
  /** Requests by which the client asked us for the screen before. */
  backs: countShape,
  reopens: countShape,
  clientErrors: countShape,
})
export type SessionCounts = Readonly<z.output<typeof sessionCountsShape>>
