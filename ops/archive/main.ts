// The jobs of the service archive (docs/archive.md).
//     node ops/archive/main.ts backup [--json]   a base backup: a full one each week, else what has changed since the last one
//     node ops/archive/main.ts check [--json]    is the write-ahead log being archived?
// Exit codes: 0 done · 1 failed · 2 wrong use · 3 database or store not reached · 4 refused: HMA_ARCHIVE is off, or the archive is
// that of another cluster · 5 another backup is running.
import { flag, readCommand } from '../../config/command-line.ts'
import { readDatabaseUrl } from '../../config/database-url.ts'
import { runProgram } from '../../config/program.ts'
import { readArchiver, requireArchived, requireOn } from './archiver.ts'
import { nextType, readBackups } from './backups.ts'
import { pgBackRest } from './pgbackrest.ts'

await runProgram('archive', main, { jsonErrors: true })

async function main(words: string[]): Promise<number> {
  const { command, json } = readCommand(words, 'docs/archive.md', {
    backup: { '--json': flag },
    check: { '--json': flag },
  })
  const url = readDatabaseUrl(process.env)
  const state = await readArchiver(url)
  requireOn(state)
  if (command === 'check') requireArchived(state)
  const result = command === 'check' ? { ...state } : await backUp(url)
  console.log(json ? JSON.stringify(result) : Object.values(result).join(' '))
  return 0
}

async function backUp(url: URL) {
  await pgBackRest(['stanza-create'], url)
  const type = nextType(await listBackups(url), Date.now())
  await pgBackRest(['backup', `--type=${type}`], url)
  // pgBackRest makes a full one where an incremental one has nothing to build on.
  const made = (await listBackups(url)).at(-1)
  return { backup: made?.label ?? '', type: made?.type ?? type }
}

async function listBackups(url: URL) {
  return readBackups(await pgBackRest(['info', '--output=json'], url))
}
