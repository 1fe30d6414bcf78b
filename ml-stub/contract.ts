// The contract. Requests are checked against it, answers are serialized by it, and /openapi.json publishes it. Of a model it
// promises what the constraints of its table promise: a row is served as it is and not checked a second time.
import { z } from 'zod'
import { REASONS } from './database.ts'

/** Status and title of each problem, by the end of its type. */
export const PROBLEMS = {
  'invalid-input': [400, 'The request is not valid.'],
  'unknown-model': [404, 'No model of this name is registered.'],
  'unknown-route': [404, 'There is nothing at this path.'],
  'wrong-method': [405, 'This path is read only.'],
  'malformed-request': [400, 'The request cannot be read.'],
  'database-unavailable': [503, 'The registry is not available.'],
  unexpected: [500, 'The service failed.'],
} as const
export type ProblemKind = keyof typeof PROBLEMS

const TYPES = Object.keys(PROBLEMS).map((kind) => `urn:problem-type:hma:${kind}`)
const Name = z
  .string()
  .max(63)
  .regex(/^[a-z][a-z0-9-]*$/)
const Version = z.string().regex(/^\d{1,9}\.\d{1,9}\.\d{1,9}$/)
const Time = z.iso.datetime()
const Stage = z
  .enum(['registered', 'staging', 'production', 'archived'])
  .describe('How far a version has come.')

const Model = z
  .strictObject({
    name: Name.describe('All versions of a model share it.'),
    version: Version.describe('Three numbers; greater ones are newer.'),
    stage: Stage,
    task: Name.describe('What the model does, for example text-moderation.'),
    description: z.string().max(1000).nullable(),
    artefact: z.strictObject({
      uri: z
        .string()
        .max(1024)
        .describe('Where the artefact is: an s3 or https address, as it was registered.'),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      sizeBytes: z.int().positive(),
    }),
    registeredAt: Time,
    updatedAt: Time.describe('When its stage or its description last changed.'),
  })
  .describe('One registered version of a model.')
export type Model = z.infer<typeof Model>

const ModelPage = z.strictObject({
  models: z.array(Model).describe('By name, then newest version first.'),
  next: z.string().nullable().describe('The cursor of the next page; null on the last one.'),
})
export type ModelPage = z.infer<typeof ModelPage>

const ModelCard = z.strictObject({
  name: Name,
  production: Version.nullable().describe('The one version that is in production, if any.'),
  versions: z
    .array(Model)
    .describe('Production first, then newest first; at most 100. /models?name= pages through all.'),
})

const DatabaseUp = z.strictObject({ status: z.literal('up'), latencyMs: z.number().nonnegative() })
const DatabaseDown = z.strictObject({
  status: z.literal('down'),
  reason: z
    .enum(REASONS)
    .describe(
      'timeout: no answer in time. unreachable: no connection. refused: it refused the login or the query. ' +
        'unprepared: the registry is not migrated. failed: anything else, see the log.',
    ),
})
const Health = z.strictObject({
  status: z.enum(['ok', 'degraded']),
  version: z.string().describe('The version of the service.'),
  dependencies: z.strictObject({ database: z.discriminatedUnion('status', [DatabaseUp, DatabaseDown]) }),
})
export type Health = z.infer<typeof Health>

const Problem = z
  .strictObject({
    type: z.enum(TYPES).describe('Identifies the problem; never changes.'),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string().describe('What to do.'),
    requestId: z.string().describe('The request in the log.'),
    errors: z
      .array(z.strictObject({ where: z.string(), what: z.string() }))
      .optional()
      .describe('For invalid input: each invalid part.'),
  })
  .describe('RFC 9457 problem details.')
export type ProblemBody = z.infer<typeof Problem>

const ModelQuery = z.strictObject({
  limit: z.int().min(1).max(200).default(50).describe('Models a page.'),
  cursor: z.string().max(200).optional().describe('What `next` of the page before said.'),
  name: Name.optional(),
  stage: Stage.optional(),
  task: Name.optional(),
})
export type ModelQuery = z.infer<typeof ModelQuery>

const Life = z.strictObject({ status: z.literal('ok') })

type JsonSchema = Record<string, unknown>

/** Fastify reads an older dialect of JSON Schema; both agree on what is used here. */
const withoutDialect = ({ $schema: _, ...json }: JsonSchema): JsonSchema => json
const inputSchema = (schema: z.ZodType) => withoutDialect(z.toJSONSchema(schema, { io: 'input' }))

/** What a request may bring. */
export const QUERY = inputSchema(ModelQuery)
export const PATH = inputSchema(Model.pick({ name: true }))

/** The named parts; others refer to them by `{ $ref: 'Model#' }`. */
export function namedSchemas(): JsonSchema[] {
  const named = z.registry<{ id: string }>()
  const parts = { Stage, Model, ModelPage, ModelCard, Health, Life, Problem }
  for (const [id, schema] of Object.entries(parts)) named.add(schema, { id })
  const { schemas } = z.toJSONSchema(named, {
    uri: (id) => `${id}#`,
    // `format` says it; the expression that Zod adds fills half a page of the published contract.
    override: ({ jsonSchema }) => void (jsonSchema.format === 'date-time' && delete jsonSchema.pattern),
  })
  return Object.entries(schemas).map(([id, schema]) => ({ ...withoutDialect(schema), $id: id }))
}
