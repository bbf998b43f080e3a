// Describes the API in OpenAPI 3.1, from the same schemas that read queries and shape answers.

import { z } from 'zod'
import type { QueryParameter } from '../query/read-query.ts'
import { PERSON_CALLS, type PersonCall } from './person.ts'
import type { Resource } from './resource.ts'
import { errorShape } from './response.ts'

/** `base`: the path of the server's public URL. */
export const openApi = (resources: readonly Resource[], base: string) => ({
  openapi: '3.1.0',
  info: {
    title: 'Screentrail',
    version: 'v1',
    description:
      'The numbers of docs/numbers.md. Instants are ISO 8601 in UTC, days are those of server.timezone, names that end in Ms are milliseconds.',
  },
  servers: [{ url: `${base}/api/v1` }],
  security: [{ bearer: [] }],
  paths: {
    ...Object.fromEntries(resources.map((resource) => [resource.path, { get: operationOf(resource) }])),
    ...Object.fromEntries(PERSON_CALLS.map((call) => [call.path, { post: personOperationOf(call) }])),
    '/openapi.json': { get: { summary: 'This document.', responses: { 200: { description: 'OpenAPI 3.1' } } } },
  },
  components: {
    securitySchemes: { bearer: { type: 'http', scheme: 'bearer', description: 'One of api.tokens in the config.' } },
    schemas: { Error: schemaOf(errorShape) },
  },
})

const operationOf = ({ path, summary, parameters, answer }: Resource) => ({
  summary,
  parameters: [
    ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
      name,
      in: 'path',
      required: true,
      schema: { type: 'string' },
    })),
    ...Object.entries(parameters).map(([name, parameter]) => parameterOf(name, parameter)),
  ],
  responses: {
    200: contentOf('The answer.', schemaOf(answer)),
    ...problemResponses(),
  },
})

const personOperationOf = ({ summary, asked, answers }: PersonCall) => ({
  summary,
  requestBody: { required: true, content: { 'application/json': { schema: schemaOf(asked) } } },
  responses: {
    ...Object.fromEntries(
      Object.entries(answers).map(([status, { what, answer }]) => [
        status,
        contentOf(what, answer ? schemaOf(answer) : { type: 'object' }),
      ]),
    ),
    ...problemResponses(),
  },
})

const problemResponses = () =>
  Object.fromEntries(
    PROBLEMS.map(([status, what]) => [status, contentOf(what, { $ref: '#/components/schemas/Error' })]),
  )

const PROBLEMS = [
  [400, 'A parameter is unknown, or not what is expected.'],
  [401, 'The token is missing or wrong.'],
  [403, 'The API is off.'],
  [404, 'There is no such flow or session.'],
  [429, 'Too many wrong tokens came from this address.'],
  [500, 'Something went wrong; the log of the server says what.'],
  [503, 'The numbers cannot be read at the moment, or too many questions are waiting; ask again in some seconds.'],
] as const

const parameterOf = (name: string, { schema, about, expected }: QueryParameter) => ({
  name,
  in: 'query',
  required: false,
  description: `${about} Expected: ${expected}.`,
  schema: schemaOf(schema),
})

const contentOf = (description: string, schema: unknown) => ({
  description,
  content: { 'application/json': { schema } },
})

/** What goes over the wire. Leaves out `readOnly`: the API writes nothing. */
function schemaOf(schema: z.ZodType): unknown {
  const { $schema, ...made } = z.toJSONSchema(schema, {
    io: 'input',
    override: ({ jsonSchema }) => {
      delete jsonSchema.readOnly
    },
  })
  return made
}
