// Verbs for the static checks, which specs run as a developer does: by their command lines.
import { globSync, readFileSync } from 'node:fs'
import { chmod, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { git } from '../../config/git.ts'
import type { Database, Outcome, Project } from '../../harness/index.ts'

/** Writes a file into the project. */
export async function addFile(project: Project, file: string, text: string): Promise<void> {
  await mkdir(dirname(join(project.root, file)), { recursive: true })
  await writeFile(join(project.root, file), text)
}

/** Runs scripts/check-shell.sh in the copy, which becomes a repository whose files are all new: the check asks git for them. */
export function checkShell(project: Project): Promise<Outcome> {
  makeRepository(project)
  return project.run('scripts/check-shell.sh')
}

export function makeRepository({ root }: Project): void {
  git(root, 'init', '--quiet')
}

/** Folders of the copy with a file that a shell runs: its name ends in .sh, or its first line names the shell. */
export function foldersOfShellScripts({ root }: Project): string[] {
  const exclude = ['node_modules', '.venv', '.git']
  const entries = globSync(['**/*', '**/.*/**/*'], { cwd: root, exclude, withFileTypes: true })
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
  const scripts = files.filter((file) => file.endsWith('.sh') || SHELL.test(readFileSync(file, 'utf8')))
  return [...new Set(scripts.map((file) => relative(root, dirname(file))))]
}

const SHELL = /^#!.*\b(?:ba|da|k)?sh\b/

/** What `npm run check` runs, in this order: programs of the dependencies, then scripts. */
export const PARTS = ['tsc', 'biome', 'knip', 'check-shell.sh', 'check-sql.sh', 'check-workflows.sh']

/** Runs scripts/check.sh with a program in the place of each part that writes down its name; one of them may find something. */
export async function checkWithFakes(
  project: Project,
  failing = '',
): Promise<{ exitCode: number; called: string[] }> {
  const packages = join(project.root, 'node_modules')
  await rm(packages)
  for (const folder of ['.bin', 'pg']) await mkdir(join(packages, folder), { recursive: true })
  await symlink(process.execPath, join(packages, '.bin/node'))
  for (const part of PARTS) {
    const file = join(project.root, part.endsWith('.sh') ? 'scripts' : 'node_modules/.bin', part)
    await writeFile(file, `#!/bin/sh\necho ${part} >>called\n[ ${part} != "${failing}" ]\n`)
    await chmod(file, 0o755)
  }
  const { exitCode } = await project.run('scripts/check.sh')
  const called = await readFile(join(project.root, 'called'), 'utf8').catch(() => '')
  return { exitCode, called: called.trim().split('\n') }
}

/** Checks these SQL files, or all of the project. */
export function checkSql(project: Project, ...files: string[]): Promise<Outcome> {
  return project.run('scripts/check-sql.sh', ['--json', ...files])
}

/** The violations that the check of SQL reports, as `tool rule` and where. */
export function violationsIn({ stdout }: Outcome): { what: string; file: string; line: number }[] {
  const { findings } = JSON.parse(stdout)
  return findings.map(({ tool, rule, file, line }: Record<string, string | number>) => ({
    what: `${tool} ${rule}`,
    file,
    line,
  }))
}

const OURS = `n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'public', 'postgis', 'statistics')`

/**
 * What plpgsql_check reports about the body of any function, with the relations and transition tables of its triggers.
 * Warnings about dynamic SQL count where a role other than the owner may execute the function.
 */
export async function errorsInFunctionBodies(db: Database): Promise<unknown[]> {
  await db.query('create extension if not exists plpgsql_check with schema public')
  return db.query(`
    select f.oid::regprocedure::text as function, t.tgrelid::regclass::text as relation, c.sqlstate, c.lineno, c.message
      from pg_proc f
      join pg_language l on l.oid = f.prolang and l.lanname = 'plpgsql'
      join pg_namespace n on n.oid = f.pronamespace and ${OURS}
      left join pg_trigger t on t.tgfoid = f.oid and not t.tgisinternal and t.tgparentid = 0
     cross join lateral public.plpgsql_check_function_tb(
           f.oid, coalesce(t.tgrelid, 0), oldtable => t.tgoldtable, newtable => t.tgnewtable,
           fatal_errors => false, security_warnings => true, extra_warnings => true) c
     where (f.prorettype <> 'trigger'::regtype or t.oid is not null)
       and (c.level <> 'security' or f.prosecdef or exists (
            select from aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) a where a.grantee <> f.proowner))`)
}

/** Trigger functions that no trigger calls. */
export async function unusedTriggerFunctions(db: Database): Promise<string[]> {
  return db.column(`
    select f.oid::regprocedure::text as name from pg_proc f join pg_namespace n on n.oid = f.pronamespace and ${OURS}
     where f.prorettype = 'trigger'::regtype and not exists (select from pg_trigger t where t.tgfoid = f.oid)`)
}

/** Adds these files, checks them as the gate does, and returns what Biome finds in each: `file rule`. */
export async function lint(
  project: Project,
  files: readonly (readonly [file: string, text: string])[],
): Promise<{ exitCode: number; found: string[] }> {
  await Promise.all(files.map(([file, text]) => addFile(project, file, text)))
  const words = ['check', '--error-on-warnings', '--reporter=json', ...files.map(([file]) => file)]
  const { exitCode, stdout } = await project.run('node_modules/.bin/biome', words)
  const { diagnostics = [] } = JSON.parse(stdout || '{}') as { diagnostics?: Diagnostic[] }
  return {
    exitCode,
    found: diagnostics.map(({ category, location }) => `${location.path} ${category.split('/').at(-1)}`),
  }
}

interface Diagnostic {
  category: string
  location: { path: string }
}

/** The rules that biome.json names, whatever it sets them to. */
export function namedRules({ root }: Project): string[] {
  const { linter } = JSON.parse(readFileSync(join(root, 'biome.json'), 'utf8'))
  const { preset: _, ...groups } = linter.rules as Record<string, object>
  return Object.values(groups).flatMap((rules) => Object.keys(rules))
}

/** The folders of the project with code of TypeScript in them or below them. */
export function foldersOfTypeScript({ root }: Project): string[] {
  const files = globSync('*/**/*.ts', { cwd: root, exclude: ['node_modules', '.*'] })
  return [...new Set(files.map((file) => file.split('/')[0] ?? ''))].sort()
}
