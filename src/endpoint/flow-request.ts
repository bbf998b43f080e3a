import type { Flow } from '../flow/definition.ts'
import { normaliseInput } from '../flow/normalise-input.ts'
import type { Declared, FlowRequest } from '../wire/request.ts'

/** The request with one spelling of what people typed. */
export const normalised = (request: FlowRequest, flow: Flow, timezone: string): FlowRequest => ({
  ...request,
  data: normaliseInput(request.data, flow, request.screen, timezone),
})

/** The fields that a request of the flow can have. */
export const declaredBy = ({ screens, fields }: Flow): Declared => ({
  fieldsOf: (screen) => screens.get(screen)?.fieldNames,
  fields,
})
