// Statements that change any columns of an artefact together, alone and along with what may change of a version.
import type { Session } from '../../harness/index.ts'
import { ANOTHER, registerAll } from './models.ts'

const STAGES = ['registered', 'staging', 'production', 'archived']

/** What may change beside the stage, or what a client may send and the table sets itself. */
const ALLOWED = [
  `task = 'another'`,
  `description = 'Another.'`,
  `created_at = '2020-01-01'`,
  `updated_at = '2020-01-01'`,
]

const OF_AN_ARTEFACT = Object.entries(ANOTHER).map(([column, value]) => `${column} = ${value}`)

/** Every set of columns of an artefact but the empty one, as assignments: a bit of the number for each column. */
const ARTEFACTS = Array.from({ length: 2 ** OF_AN_ARTEFACT.length - 1 }, (_, at) =>
  OF_AN_ARTEFACT.filter((_, bit) => (at + 1) & (1 << bit)),
)

/** Each allowed change alone, each move to another stage, and each move with all of them. */
function allowedFrom(stage: string): string[][] {
  const moves = STAGES.filter((other) => other !== stage).map((other) => `stage = '${other}'`)
  return [...ALLOWED.map((one) => [one]), ...moves.flatMap((move) => [[move], [move, ...ALLOWED]])]
}

const update = (stage: string, assignments: string[]) =>
  `update ml.model set ${assignments.join(', ')} where name = '${stage}'`

/** Registers a model of one version in each stage, which has the name of its stage. */
export function registerInEachStage(db: Session): Promise<void> {
  return registerAll(
    db,
    STAGES.map((stage) => ({ name: stage, stage })),
  )
}

/** All of them, on the models that are named like the stage that they are in. */
export const ALTERATIONS = STAGES.flatMap((stage) =>
  [[], ...allowedFrom(stage)].flatMap((allowed) =>
    ARTEFACTS.map((artefact) => update(stage, [...allowed, ...artefact])),
  ),
)

/** The same without a column of an artefact. */
export const ALLOWED_CHANGES = STAGES.flatMap((stage) =>
  allowedFrom(stage).map((allowed) => update(stage, allowed)),
)

const BROKEN_RULE = `
  create or replace function public.broken_rule(statement text) returns text language plpgsql as $$
  declare broken text;
  begin
    execute statement;
    raise sqlstate 'UNDO0';
  exception
    when sqlstate 'UNDO0' then return 'none';
    when others then get stacked diagnostics broken = constraint_name; return broken;
  end $$`

/**
 * Those statements that this rule does not refuse, or, for `none`, that any rule refuses. Each is undone. They run in the server,
 * because more than a thousand errors would fill its log.
 */
export async function withAnotherOutcome(db: Session, statements: string[], rule: string): Promise<string[]> {
  await db.query(BROKEN_RULE)
  return db.column(
    `select statement || ': ' || broken
       from (select statement, public.broken_rule(statement) as broken from unnest($1::text[]) as s (statement)) as outcome
      where broken <> $2`,
    [statements, rule],
  )
}
