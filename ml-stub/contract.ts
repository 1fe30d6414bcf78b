// The contract. Requests are checked against it, responses are serialized by it, and /openapi.json publishes it.
import { z } from 'zod'
import { REASONS } from './database.ts'

export const PROBLEM_TYPES = [
  'urn:problem-type:hma:invalid-input',
  'urn:problem-type:hma:unknown-model',
  'urn:problem-type:hma:unknown-route',
  'urn:problem-type:hma:wrong-method',
  'urn:problem-type:hma:malformed-request',
  'urn:problem-type:hma:database-unavailable',
  'urn:problem-type:hma:too-slow',
  'urn:problem-type:hma:unexpected',
] as const

const named = z.registry<{ id: string }>()

export const Name = z
  .string()
  .max(63)
  .regex(/^[a-z][a-z0-9-]*$/)
const Version = z.string().regex(/^\d{1,9}\.\d{1,9}\.\d{1,9}$/)
const Time = z.iso.datetime()

const Stage = z
  .enum(['registered', 'staging', 'production', 'archived'])
  .describe('How far a version has come.')
  .register(named, { id: 'Stage' })

export const Model = z
  .strictObject({
    name: Name.describe('All versions of a model share it.'),
    version: Version.describe('Three numbers; greater ones are newer.'),
    stage: Stage,
    task: Name.describe('What the model does, for example text-moderation.'),
    description: z.string().max(1000).nullable(),
    artefact: z.strictObject({
      uri: z.url().describe('Where the artefact is.'),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      sizeBytes: z.int().positive(),
    }),
    registeredAt: Time,
    updatedAt: Time.describe('When its stage or its description last changed.'),
  })
  .describe('One registered version of a model.')
  .register(named, { id: 'Model' })
export type Model = z.infer<typeof Model>

export const ModelPage = z
  .strictObject({
    models: z.array(Model).describe('By name, then newest version first.'),
    next: z.string().nullable().describe('The cursor of the next page; null on the last one.'),
  })
  .register(named, { id: 'ModelPage' })
export type ModelPage = z.infer<typeof ModelPage>

export const ModelCard = z
  .strictObject({
    name: Name,
    production: Version.nullable().describe('The one version that is in production, if any.'),
    versions: z
      .array(Model)
      .describe('Production first, then newest first; at most 100. /models?name= pages through all.'),
  })
  .register(named, { id: 'ModelCard' })

const DatabaseUp = z.strictObject({ status: z.literal('up'), latencyMs: z.number().nonnegative() })
const DatabaseDown = z.strictObject({
  status: z.literal('down'),
  reason: z
    .enum(REASONS)
    .describe(
      'timeout: no answer in time. unreachable: no connection. refused: it refused the login or the query. ' +
        ' unprepared: the registry is not migrated. failed: anything else, see the log.',
    ),
})
export const Health = z
  .strictObject({
    status: z.enum(['ok', 'degraded']),
    version: z.string().describe('The version of the service.'),
    dependencies: z.strictObject({ database: z.discriminatedUnion('status', [DatabaseUp, DatabaseDown]) }),
  })
  .register(named, { id: 'Health' })
export type Health = z.infer<typeof Health>

export const Life = z.strictObject({ status: z.literal('ok') }).register(named, { id: 'Life' })

export const Problem = z
  .strictObject({
    type: z.enum(PROBLEM_TYPES).describe('Identifies the problem; never changes.'),
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
  .register(named, { id: 'Problem' })
export type Problem = z.infer<typeof Problem>

export const ModelQuery = z.strictObject({
  limit: z.int().min(1).max(200).default(50).describe('Models a page.'),
  cursor: z.string().max(200).optional().describe('What `next` of the page before said.'),
  name: Name.optional(),
  stage: Stage.optional(),
  task: Name.optional(),
})
export type ModelQuery = z.infer<typeof ModelQuery>

/** Fastify reads an older dialect of JSON Schema; both agree on what is used here. */
function withoutDialect({ $schema: _, ...json }: Record<string, unknown>): Record<string, unknown> {
  return json
}

/** `format` says it; the expression Zod adds to it fills half a page of the published contract. */
const override = ({ jsonSchema }: { jsonSchema: { format?: string; pattern?: string } }) => {
  if (jsonSchema.format === 'date-time') delete jsonSchema.pattern
}

/** What a request may bring, for Fastify to check. */
export function inputSchema(schema: z.ZodType): Record<string, unknown> {
  return withoutDialect(z.toJSONSchema(schema, { io: 'input' }))
}

/** The named parts, ready for `addSchema`; others refer to them by `{ $ref: 'Model#' }`. */
export function namedSchemas(): Record<string, unknown>[] {
  const { schemas } = z.toJSONSchema(named, { uri: (id) => `${id}#`, override })
  return Object.entries(schemas).map(([id, schema]) => ({ ...withoutDialect(schema), $id: id }))
}
