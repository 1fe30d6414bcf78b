// A fault: a defect that is injected on purpose, and that a criterion's spec must catch; otherwise the spec proves nothing.

export type Injection =
  /** Statements run in the test's private database, as its superuser. `undo` is for what belongs to the whole cluster. */
  | { kind: 'sql'; statements: string; undo?: string; quotes?: FunctionText[] }
  /** Texts that each stand once in a file of the test's private copy of the project, and their replacements. */
  | { kind: 'edit'; edits: Edit[] }

type SqlInjection = Extract<Injection, { kind: 'sql' }>

/** A text that an injection expects in the definition of a database function. */
export interface FunctionText {
  name: string
  find: string
}

export interface Edit {
  file: string
  find: string
  replace: string
}

export interface Fault {
  /** Criterion and description, as one word: `B1.1.1/the-age-rule-is-gone`. */
  id: string
  criterion: string
  description: string
  injection: Injection
}

/** The faults of one spec file: criterion, then description, then injection. Throws when two faults have the same id. */
export function faults(map: Record<string, Record<string, Injection>>): Fault[] {
  const all = Object.entries(map).flatMap(([criterion, own]) =>
    Object.entries(own).map(([description, injection]) => ({
      id: `${criterion}/${slug(description)}`,
      criterion,
      description,
      injection,
    })),
  )
  const ids = new Set<string>()
  for (const { id } of all) {
    if (ids.has(id)) throw new Error(`the fault ${id} is listed twice`)
    ids.add(id)
  }
  return all
}

/** Statements for the test's database. */
export function sql(strings: TemplateStringsArray, ...values: string[]): SqlInjection {
  return { kind: 'sql', statements: String.raw(strings, ...values) }
}

/**
 * Replaces texts in one function of the database, wherever they occur in its definition as pg_get_functiondef prints it.
 * `name` may carry argument types. The injection raises an error when a text is not found.
 */
export function inFunction(name: string, ...changes: [find: string, replace: string][]): SqlInjection {
  const type = name.includes('(') ? 'regprocedure' : 'regproc'
  const steps = changes.map(
    ([find, replace]) => `
  if strpos(body, ${literal(find)}) = 0 then raise 'not in %: %', ${literal(name)}, ${literal(find)}; end if;
  body := replace(body, ${literal(find)}, ${literal(replace)});`,
  )
  const start = `do $fault$ declare body text := pg_get_functiondef(${literal(name)}::${type}); begin`
  return {
    kind: 'sql',
    statements: `${start}${steps.join('')}
  execute body;
end $fault$`,
    quotes: changes.map(([find]) => ({ name, find })),
  }
}

/** Injections into the database that are a defect only together. */
export function together(...injections: SqlInjection[]): SqlInjection {
  return {
    kind: 'sql',
    statements: injections.map(({ statements }) => statements).join(';\n'),
    quotes: injections.flatMap(({ quotes }) => quotes ?? []),
  }
}

/** Statements whose effect reaches beyond the database, with those that undo it. */
export function clusterSql(statements: string, undo: string): Injection {
  return { kind: 'sql', statements, undo }
}

/** A change of one file of the project; `find` must occur in it exactly once. */
export function edit(file: string, find: string, replace: string): Injection {
  return edits({ file, find, replace })
}

/** Changes of files that are a defect only together. */
export function edits(...edits: Edit[]): Injection {
  return { kind: 'edit', edits }
}

/** True for an injection that has to be undone. */
export function isClusterWide({ injection }: Fault): boolean {
  return injection.kind === 'sql' && injection.undo !== undefined
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

function slug(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
}
