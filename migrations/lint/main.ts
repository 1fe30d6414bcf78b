// The static checks of SQL files; scripts/check-sql.sh --help is the manual.
import { existsSync, globSync } from 'node:fs'
import { z } from 'zod'
import { EXIT } from '../../config/cli-error.ts'
import { flag, readOptions, wrongUse } from '../../config/command-line.ts'
import { runProgram } from '../../config/program.ts'
import { readProjectFile } from '../../config/text-file.ts'
import { readExceptions, withoutExceptions } from './exceptions.ts'
import { runPgspot, runSqlfluff, runSquawk } from './linters.ts'
import { checkProjectRules } from './project-rules.ts'
import type { Violation } from './violation.ts'

const HELP = 'scripts/check-sql.sh --help'
const ALL_FILES = '{migrations,seeds,ops,docker}/**/*.sql'

await runProgram('check-sql', async (words) => {
  const { json, files: named } = readOptions(words, HELP, {
    '[files...]': z.array(z.string()),
    '--json': flag,
  })
  const missing = named.find((file) => !existsSync(file))
  if (missing !== undefined)
    throw wrongUse(`There is no file ${missing}.`, HELP, 'name SQL files, or none for all.')
  const allFiles = named.length === 0
  const files = allFiles ? globSync(ALL_FILES).sort() : named
  // Before any linter is started, each of which would say it in its own words.
  for (const file of files) readProjectFile(file)
  const exceptions = readExceptions()
  const violations = withoutExceptions(await violationsIn(files), exceptions, { allFiles })
  print(files, violations, json)
  return violations.length === 0 ? 0 : EXIT.failed
})

async function violationsIn(files: string[]): Promise<Violation[]> {
  const found = await Promise.all([runSquawk(files), runSqlfluff(files), runPgspot(files)])
  return [...found.flat(), ...checkProjectRules(files)].sort(
    (a, b) => a.file.localeCompare(b.file) || a.line - b.line || a.rule.localeCompare(b.rule),
  )
}

/** In the JSON the violations are called findings, as the manual says. */
function print(files: string[], violations: Violation[], json: boolean): void {
  if (json) {
    console.log(JSON.stringify({ files, findings: violations }))
    return
  }
  for (const { tool, rule, file, line, message } of violations)
    console.log(`${file}:${line}: ${message} [${tool} ${rule}]`)
  const count = violations.length
  console.log(count === 0 ? `  ${files.length} SQL files are clean` : `  ${count} violations`)
}
