// .env.example, printed from the list of variables.
import { ALL, COMMANDS, STACK, type Variable } from './variables.ts'

const HEAD = `# Every variable that the stack, its scripts and the harness read. Printed from config/variables.ts:
#   scripts/env.sh example > .env.example
# scripts/setup-dev-environment.sh makes .env out of it. A variable of the shell beats the line in .env.
`

const GIVEN = `
# Given to a single command, in its own environment; what stands here is read by no one.
`

/** The whole file. `images` are the variables that scripts/images.sh writes for compose. */
export function exampleFile(images: string[]): string {
  const stack = STACK.map((variable) => `\n# ${variable.about}\n${variable.name}=${variable.example}\n`)
  const commands = COMMANDS.flatMap((variable) => namesOf(variable).map((name) => given(name, variable)))
  const generated = [...images].sort().map((name) => `# ${name}=\n`)
  return [
    HEAD,
    ...stack,
    GIVEN,
    ...commands,
    '\n# Written into .hma/images.env by scripts/images.sh env, from docker/images.lock.\n',
    ...generated,
  ].join('')
}

/** With the name under which a file may carry it. */
export function namesOf({ name, secret }: Variable): string[] {
  return secret ? [name, `${name}_FILE`] : [name]
}

/** Every name there is, but those of the images. */
export function allNames(): string[] {
  return ALL.flatMap(namesOf)
}

function given(name: string, { about }: Variable): string {
  return `# ${name}=${' '.repeat(Math.max(1, 32 - name.length))}${name.endsWith('_FILE') ? 'The file that holds it.' : about}\n`
}
