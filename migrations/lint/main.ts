// The static gate for SQL; scripts/check-sql.sh --help is its manual.
import { existsSync, globSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { readExceptions, withoutExceptions } from './exceptions.ts'
import { type Finding, Unanswered } from './finding.ts'
import { askHouse } from './house.ts'
import { askPgspot, askSqlfluff, askSquawk } from './linters.ts'

const EXIT = { clean: 0, found: 1, usage: 2, machine: 3 } as const
const EVERYTHING = '{migrations,seeds,backup,docker}/**/*.sql'

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  if (!(error instanceof Unanswered)) throw error
  return complain(error.message, error.next, EXIT.machine)
})

async function main(words: string[]): Promise<number> {
  const { values, positionals } = parse(words)
  const missing = positionals.find((file) => !existsSync(file))
  if (missing !== undefined)
    return complain(`there is no file ${missing}.`, 'name SQL files, or none for all.', EXIT.usage)
  const files = positionals.length > 0 ? positionals : globSync(EVERYTHING).sort()
  const findings = withoutExceptions(await ask(files), readExceptions(), {
    allFiles: positionals.length === 0,
  })
  print(files, findings, values.json)
  return findings.length === 0 ? EXIT.clean : EXIT.found
}

function parse(words: string[]) {
  try {
    const options = { json: { type: 'boolean', default: false } } as const
    return parseArgs({ args: words, allowPositionals: true, options })
  } catch (cause) {
    throw new Unanswered(`'${words.join(' ')}' is not understood.`, 'scripts/check-sql.sh --help', cause)
  }
}

async function ask(files: string[]): Promise<Finding[]> {
  const answers = await Promise.all([askSquawk(files), askSqlfluff(files), askPgspot(files)])
  return [...answers.flat(), ...askHouse(files)].sort(
    (a, b) => a.file.localeCompare(b.file) || a.line - b.line || a.rule.localeCompare(b.rule),
  )
}

function print(files: string[], findings: Finding[], json: boolean): void {
  if (json) {
    console.log(JSON.stringify({ files, findings }))
    return
  }
  for (const { tool, rule, file, line, message } of findings)
    console.log(`${file}:${line}: ${message} [${tool} ${rule}]`)
  console.log(findings.length === 0 ? `  ${files.length} SQL files are clean` : `  ${findings.length} found`)
}

function complain(what: string, next: string, exitCode: number): number {
  process.stderr.write(`check-sql: ${what} Next: ${next}\n`)
  return exitCode
}
