// .env.example, printed from the list of variables.
import { COMMAND_VARIABLES, STACK_VARIABLES, type Variable } from './variables.ts'

const HEAD = `# Every variable that the stack, its scripts and the harness read. Printed from config/variables.ts:
#   scripts/env.sh example > .env.example
# scripts/setup-dev-environment.sh writes .env from it. A variable of the shell takes precedence over the line in .env.
`

const COMMANDS = `
# Set in the environment of a single command; nothing reads them from .env.
`

const IMAGES = '\n# Written into .env by scripts/images.sh env, from docker/images.lock.\n'

/** The whole file. `images` are the variables that scripts/images.sh writes for compose. */
export function exampleFile(images: string[]): string {
  const stack = STACK_VARIABLES.map(
    ({ name, about, example }) =>
      `\n# ${about}\n${example === undefined ? `# ${name}=` : `${name}=${example}`}\n`,
  )
  const commands = COMMAND_VARIABLES.flatMap((variable) =>
    namesOf(variable).map((name) => commented(name, variable)),
  )
  const generated = [...images].sort().map((name) => `# ${name}=\n`)
  return [HEAD, ...stack, COMMANDS, ...commands, IMAGES, ...generated].join('')
}

/** A secret may also come as the file that NAME_FILE names. */
function namesOf({ name, isSecret }: Variable): string[] {
  return isSecret ? [name, `${name}_FILE`] : [name]
}

function commented(name: string, { about }: Variable): string {
  const text = name.endsWith('_FILE') ? 'The file that holds it.' : about
  return `# ${name}=${' '.repeat(Math.max(1, 32 - name.length))}${text}\n`
}
