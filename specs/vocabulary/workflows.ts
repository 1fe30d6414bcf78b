// The workflows of GitHub, as GitHub reads them: which events start them, and which of their jobs then run.
import { globSync, readFileSync } from 'node:fs'
import { basename, join, matchesGlob } from 'node:path'
import { data, Evaluator, Lexer, Parser } from '@actions/expressions'
import { parse } from 'yaml'
import { z } from 'zod'
import type { Project } from '../../harness/index.ts'

const Step = z.object({
  name: z.string(),
  id: z.string().optional(),
  uses: z.string().optional(),
  run: z.string().optional(),
  if: z.string().optional(),
  with: z.record(z.string(), z.unknown()).default({}),
  env: z.record(z.string(), z.string()).default({}),
  'timeout-minutes': z.number().optional(),
  'continue-on-error': z.unknown().optional(),
})
const Job = z.object({
  name: z.string().default(''),
  if: z.string().optional(),
  needs: z.union([z.string().transform((name) => [name]), z.array(z.string())]).default([]),
  permissions: z.record(z.string(), z.string()),
  'timeout-minutes': z.number().optional(),
  'continue-on-error': z.unknown().optional(),
  outputs: z.record(z.string(), z.string()).default({}),
  env: z.record(z.string(), z.string()).default({}),
  strategy: z
    .object({ matrix: z.object({ part: z.array(z.number()) }) })
    .loose()
    .optional(),
  steps: z.array(Step),
})
const Workflow = z.object({
  on: z.record(z.string(), z.unknown()),
  permissions: z.unknown(),
  concurrency: z.object({ group: z.string(), 'cancel-in-progress': z.unknown() }),
  jobs: z.record(z.string(), Job),
})

export type Step = z.infer<typeof Step>
export type Workflow = z.infer<typeof Workflow>

export const GATE = 'quality-gate.yml'
export const BACKUP_VERIFICATION = 'backup-verification.yml'

const FOLDER = '.github/workflows'

export function workflowFiles({ root }: Project): string[] {
  return globSync(`${FOLDER}/*`, { cwd: root })
    .map((file) => basename(file))
    .sort()
}

export function workflowText({ root }: Project, file: string): string {
  return readFileSync(join(root, FOLDER, file), 'utf8')
}

export function workflowOf(project: Project, file: string): Workflow {
  return Workflow.parse(workflowValues(project, file))
}

/** All that a workflow says, without its comments. */
export function workflowValues(project: Project, file: string): Settings {
  return parse(workflowText(project, file), { merge: true })
}

type Settings = Record<string, unknown>

type WrittenStep = Settings & Pick<Step, 'name' | 'run'>

/** The steps of all jobs of a workflow, with every setting that is written there. */
export function writtenSteps(project: Project, file: string): WrittenStep[] {
  const { jobs } = workflowValues(project, file) as { jobs: Record<string, { steps: WrittenStep[] }> }
  return Object.values(jobs).flatMap(({ steps }) => steps)
}

const OF_A_STEP = ['name', 'run', 'timeout-minutes']
const OF_A_JOB = ['name', 'needs', 'if', 'runs-on', 'timeout-minutes', 'permissions', 'steps']

/** How many steps type this, and which other settings they, their jobs or the workflow have: each could hide that such a step fails. */
export function stepsThatType(
  project: Project,
  file: string,
  run: string,
): { count: number; exceptions: string[] } {
  const { jobs, ...workflow } = workflowValues(project, file) as { jobs: Record<string, WrittenJob> }
  const own = Object.values(jobs).filter(({ steps }) => steps.some((step) => step.run === run))
  const steps = own.flatMap((job) => job.steps.filter((step) => step.run === run))
  const others = [...namesBeside(OF_A_JOB, own), ...namesBeside(OF_A_STEP, steps)]
  return { count: steps.length, exceptions: 'defaults' in workflow ? ['defaults', ...others] : others }
}

type WrittenJob = Settings & { steps: WrittenStep[] }

function namesBeside(known: string[], settings: Settings[]): string[] {
  return settings.flatMap(Object.keys).filter((name) => !known.includes(name))
}

/** The names of the settings that any workflow, job or step has, and of the variables that any of them gives. */
export function settingsOf(project: Project): Record<string, string[]> {
  const workflow = workflowFiles(project).map((file) => workflowValues(project, file))
  const job = workflow.flatMap(({ jobs }) => Object.values(jobs as Record<string, Settings>))
  const step = job.flatMap(({ steps }) => steps as Settings[])
  const env = [...workflow, ...job, ...step].map((one) => (one.env ?? {}) as Settings)
  const namesIn = (settings: Settings[]) => [...new Set(settings.flatMap(Object.keys))].sort()
  return { workflow: namesIn(workflow), job: namesIn(job), step: namesIn(step), env: namesIn(env) }
}

export interface Event {
  name: string
  ref: string
  /** Of a pull request: what happened, the label given, those that it had, and whether it is a draft. */
  action?: string
  label?: string
  had?: string[]
  draft?: boolean
}

/** Whether GitHub starts the workflow for the event. */
export function isStarted({ on }: Workflow, { name, ref, action }: Event): boolean {
  if (!(name in on)) return false
  const filter = (on[name] ?? {}) as { tags?: string[]; branches?: string[]; types?: string[] }
  if (filter.types !== undefined) return filter.types.includes(action ?? '')
  const [, kind = '', short = ''] = /^refs\/(heads|tags)\/(.*)$/.exec(ref) ?? []
  const { tags, branches } = filter
  if (name !== 'push' || (tags === undefined && branches === undefined)) return true
  return ((kind === 'tags' ? tags : branches) ?? []).some((pattern) => matchesGlob(short, pattern))
}

/** What expressions can read. */
export type Contexts = Record<string, unknown>

/** The newest commits of a pull request and of the branch that it is for. */
export const PULL_REQUEST = { head: 'a'.repeat(40), base: 'b'.repeat(40) }

/** The contexts of an event. */
export function contextsOf({ name, ref, action, label, had = [], draft = false }: Event): Contexts {
  const labels = [...had, label ?? []].flat().map((one) => ({ name: one }))
  const commits = { head: { sha: PULL_REQUEST.head }, base: { sha: PULL_REQUEST.base } }
  const pull = name.startsWith('pull_request')
    ? { action, label: { name: label ?? '' }, number: 7, pull_request: { draft, labels, ...commits } }
    : {}
  return { github: { event_name: name, ref, run_id: 99, event: pull }, needs: {}, vars: {} }
}

/** The functions that ask how the jobs ended which a job needs. */
function statusFunctions({ needs = {} }: Contexts) {
  const results = Object.values(needs as Record<string, { result?: JobResult }>).map(({ result }) => result)
  const values = {
    always: true,
    success: results.every((result) => result === 'success'),
    failure: results.includes('failure'),
    cancelled: results.includes('cancelled'),
  }
  return Object.entries(values).map(([name, value]) => ({
    name,
    minArgs: 0,
    maxArgs: 0,
    call: () => new data.BooleanData(value),
  }))
}

/** The value of a condition, with or without `${{ }}` around it. */
export function evaluate(condition: string, contexts: Contexts): string {
  const { tokens } = new Lexer(condition.replace(/^\s*\$\{\{|\}\}\s*$/g, '')).lex()
  const functions = statusFunctions(contexts)
  const expression = new Parser(tokens, Object.keys(contexts), functions).parse()
  const values = JSON.parse(JSON.stringify(contexts), data.reviver)
  const byName = new Map(functions.map((one) => [one.name, one]))
  return new Evaluator(expression, values, byName).evaluate().coerceString()
}

/** A text with the values of its `${{ }}`. */
export function interpolate(text: string, contexts: Contexts): string {
  return text.replaceAll(/\$\{\{.*?\}\}/g, (part) => evaluate(part, contexts))
}

/** The variables that a job of the gate gives to its steps for an event. */
export function variablesOf(project: Project, job: string, event: Event): Record<string, string> {
  const env = Object.entries(workflowOf(project, GATE).jobs[job]?.env ?? {})
  return Object.fromEntries(env.map(([name, text]) => [name, interpolate(text, contextsOf(event))]))
}

export type JobResult = 'success' | 'failure' | 'cancelled' | 'skipped'

/** Whether a job runs. Without a status function every job that it needs must have succeeded. */
export function jobRuns({ jobs }: Workflow, name: string, contexts: Contexts): boolean {
  const job = jobs[name]
  const needs = contexts.needs as Record<string, { result: JobResult }>
  const isOpen = job?.needs.every((needed) => needs[needed]?.result === 'success') ?? false
  const condition = job?.if ?? 'true'
  return (condition.includes('always()') || isOpen) && evaluate(condition, contexts) === 'true'
}

/** The actions of .github/actions.lock, with commit and version. */
export function lockedActions({ root }: Project): string[] {
  const lines = readFileSync(join(root, '.github/actions.lock'), 'utf8').trim().split('\n')
  return lines.filter((line) => !line.startsWith('#'))
}

/** Every step of every workflow. */
export function allSteps(project: Project): (Step & { where: string; job: string; file: string })[] {
  return workflowFiles(project).flatMap((file) =>
    Object.entries(workflowOf(project, file).jobs).flatMap(([job, { steps }]) =>
      steps.map((step) => ({ ...step, file, job, where: `${file}: ${job}: ${step.name}` })),
    ),
  )
}
