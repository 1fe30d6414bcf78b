// The set-up from where there is a Node that runs it; scripts/setup-dev-environment.sh --help is its manual.
import { parseArgs } from 'node:util'
import { CliError, EXIT } from '../../config/cli-error.ts'
import { type Endpoint, publishedEndpoints } from '../../config/endpoints.ts'
import { ROOT } from '../../config/root.ts'
import { readStackSettings } from '../../config/stack-settings.ts'
import { run } from './child.ts'
import { containersOf, lastWords } from './containers.ts'
import { variablesToBe } from './settings.ts'
import { STEPS } from './steps.ts'
import { stackOf, type Wish } from './wish.ts'

interface Told {
  step: string
  changed: boolean
  seconds: number
  what: string
}

const PROGRAM = 'setup-dev-environment.sh'
const TOTAL = STEPS.length + 1
const CONSOLE = 9001

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  if (!(error instanceof CliError)) throw error
  process.stderr.write(`${error.linesFor(PROGRAM)}\n`)
  return error.exitCode
})

async function main([dependencies = '', ...words]: string[]): Promise<number> {
  const { json, ...wish } = readWords(words)
  // A variable that is invalid is said before anything is looked at or done.
  readStackSettings(variablesToBe(ROOT, process.env), wish.variant)
  const steps = [firstStep(dependencies)]
  const say = json ? sayAsJson : sayAsText
  say(1, steps[0])
  try {
    await doAll(wish, steps, say)
  } catch (error) {
    if (!(error instanceof CliError)) throw error
    if (!('findings' in error.facts)) await explain(wish)
    if (json)
      console.log(
        JSON.stringify({ done: false, changed: steps.some(({ changed }) => changed), steps, error }),
      )
    throw error
  }
  const changed = steps.some((step) => step.changed)
  const places = await placesOf(wish)
  if (json) console.log(JSON.stringify({ done: true, changed, steps, places }))
  else sayGoodbye(wish, changed, steps, places)
  return 0
}

/** Where what runs listens; MinIO at two ports. */
async function placesOf(wish: Wish): Promise<Endpoint[]> {
  const stack = stackOf(wish)
  const [all, there] = await Promise.all([publishedEndpoints(stack), containersOf(stack.project, ROOT)])
  const running = new Set(there.map(({ service }) => service))
  return all.filter(({ service, url }) => url !== undefined && running.has(service))
}

type Say = (at: number, told: Told | undefined) => void

async function doAll(wish: Wish, steps: Told[], say: Say): Promise<void> {
  for (const { name, act } of STEPS) {
    const began = performance.now()
    const done = await act(wish)
    const told = { step: name, ...done, seconds: Math.round((performance.now() - began) / 100) / 10 }
    steps.push(told)
    say(steps.length, told)
  }
}

/** The shell has installed the dependencies: `there 0` or `installed 13`. */
function firstStep(said: string): Told {
  const [state = 'there', seconds = '0'] = said.split(' ')
  return { step: 'dependencies', changed: state === 'installed', seconds: Number(seconds), what: state }
}

function sayAsJson(at: number, told: Told | undefined): void {
  process.stderr.write(`${JSON.stringify({ event: 'step', at, of: TOTAL, ...told })}\n`)
}

function sayAsText(at: number, told: Told | undefined): void {
  if (told === undefined) return
  const { step, what, seconds } = told
  console.log(`[${at}/${TOTAL}] ${step.padEnd(13)} ${what.padEnd(38)} ${seconds.toFixed(1).padStart(6)} s`)
}

/** What an ill container said last, and what the doctor finds now. */
async function explain(wish: Wish): Promise<void> {
  const words = await containersOf(stackOf(wish).project, ROOT).then(
    (there) => lastWords(there, ROOT),
    () => [],
  )
  for (const line of words) process.stderr.write(`${line}\n`)
  const { stdout } = await run('scripts/doctor', ['--variant', wish.variant], {
    root: ROOT,
    withinMs: 60_000,
  })
  const found = stdout.split('\n').filter((line) => /^[!✗]/.test(line))
  if (found.length > 0)
    process.stderr.write(`The doctor finds:\n${found.map((line) => `  ${line}\n`).join('')}`)
}

function sayGoodbye(wish: Wish, changed: boolean, steps: Told[], places: Endpoint[]): void {
  const seconds = steps.reduce((sum, step) => sum + step.seconds, 0)
  const variant = wish.variant === 'dev' ? '' : ` --variant ${wish.variant}`
  console.log(
    `${changed ? 'The stack is up' : 'Nothing changed: the stack was up'}, after ${seconds.toFixed(1)} s.\n`,
  )
  for (const { service, url, inside } of places) console.log(`  ${nameOf(service, inside).padEnd(16)} ${url}`)
  console.log(`
Passwords are files in ${stackOf(wish).secretsFolder}. Test people sign in with NAME@hma.example (scripts/seed.sh --help).
Next:
  curl ${places.find(({ service }) => service === 'ml')?.url}/models
  scripts/compose.sh${variant} logs --follow
  scripts/compose.sh${variant} --profile tools up --wait    with Adminer and Redis Commander
  scripts/teardown.sh${variant}                             ends it, and keeps its data`)
}

function nameOf(service: string, inside: number): string {
  return inside === CONSOLE ? `${service} console` : service
}

function readWords(words: string[]): Wish & { json: boolean } {
  const options = {
    variant: { type: 'string', default: 'dev' },
    tools: { type: 'boolean', default: false },
    yes: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  } as const
  const next = `scripts/${PROGRAM} --help`
  try {
    const { variant, ...values } = parseArgs({ args: words, options }).values
    if (variant === 'dev' || variant === 'test') return { root: ROOT, variant, ...values }
    throw new CliError({ what: `--variant ${variant} is neither dev nor test.`, next, exitCode: EXIT.usage })
  } catch (error) {
    if (error instanceof CliError) throw error
    throw new CliError({ what: `${(error as Error).message.split('. ')[0]}.`, next, exitCode: EXIT.usage })
  }
}
