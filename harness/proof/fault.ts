// A fault: a planted defect that a criterion's spec must catch, or the spec proves nothing.

export type Injection =
  /** Statements run in the test's private database, as its superuser. `undo` is for what belongs to the whole cluster. */
  | { kind: 'sql'; statements: string; undo?: string }
  /** Texts that each stand once in a file of the test's private copy of the project, and what takes their place. */
  | { kind: 'edit'; edits: Edit[] }

type SqlInjection = Extract<Injection, { kind: 'sql' }>

export interface Edit {
  file: string
  find: string
  replace: string
}

export interface Fault {
  /** Criterion and what is broken, as one word: `B1.1.1/the-age-rule-is-gone`. */
  id: string
  criterion: string
  description: string
  injection: Injection
}

/** The faults of one spec file: by criterion, what is broken and how. Throws when two of a criterion have the same id. */
export function faults(map: Record<string, Record<string, Injection>>): Fault[] {
  const named = Object.entries(map).flatMap(([criterion, own]) =>
    Object.entries(own).map(([description, injection]) => ({
      id: `${criterion}/${slug(description)}`,
      criterion,
      description,
      injection,
    })),
  )
  const ids = new Set<string>()
  for (const { id } of named) {
    if (ids.has(id)) throw new Error(`the fault ${id} is listed twice`)
    ids.add(id)
  }
  return named
}

/** Statements to plant in the database. */
export function sql(strings: TemplateStringsArray, ...values: string[]): SqlInjection {
  return { kind: 'sql', statements: String.raw(strings, ...values) }
}

/**
 * Another body for one function of the database, written from the one it has: each text that stands in its definition, as
 * pg_get_functiondef prints it, gives way to another, wherever it stands. `name` may carry argument types. Planting it raises
 * when a text is not found.
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
  }
}

/** Plants in the database that make one defect only together. */
export function together(...injections: SqlInjection[]): SqlInjection {
  return { kind: 'sql', statements: injections.map(({ statements }) => statements).join(';\n') }
}

/** Statements whose effect reaches beyond the database, with those that take it back. */
export function clusterSql(statements: string, undo: string): Injection {
  return { kind: 'sql', statements, undo }
}

/** A change of one file of the project; `find` must stand in it exactly once. */
export function edit(file: string, find: string, replace: string): Injection {
  return edits({ file, find, replace })
}

/** Changes that make one defect only together. */
export function edits(...edits: Edit[]): Injection {
  return { kind: 'edit', edits }
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
