import { edit, faults } from '../harness/setup.ts'

/** Node's own reader, which throws whatever the system says. */
const READ = "process.getBuiltinModule('node:fs').readFileSync"

export default faults({
  'A1.4.6': {
    'a folder in the place of a migration prints a stack': edit(
      'migrations/runner/files.ts',
      'readPlainFile(join(folder, file), CORRECT)',
      `${READ}(join(folder, file))`,
    ),
    'a link that leads nowhere in the place of what runs after an apply is passed over': edit(
      'migrations/runner/files.ts',
      '  const sql = readSql(folder, file)\n  if (sql === undefined) return null\n',
      `  if (!process.getBuiltinModule('node:fs').existsSync(join(folder, file))) return null
  const sql = readSql(folder, file)
  if (sql === undefined) return null
`,
    ),
    'a folder in the place of a seed prints a stack': edit(
      'seeds/load.ts',
      'readProjectFile(join(import.meta.dirname, `${seed}.sql`))',
      `${READ}(join(import.meta.dirname, \`\${seed}.sql\`), 'utf8')`,
    ),
    'a seed is read when the database was asked': edit('seeds/main.ts', '  readSeeds(seeds)\n', ''),
    'a folder in the place of a query for figures prints a stack': edit(
      'ops/stats/database.ts',
      'return readProjectFile(join(import.meta.dirname, file))',
      `return ${READ}(join(import.meta.dirname, file), 'utf8')`,
    ),
    'the set-up prints a stack for a folder in the place of .env.example': edit(
      'stack/setup/env-file.ts',
      "...parseEnv(readProjectFile(join(root, '.env.example')))",
      `...parseEnv(${READ}(join(root, '.env.example'), 'utf8'))`,
    ),
    'the doctor prints a stack for a folder in the place of .env.example': edit(
      'stack/doctor/context.ts',
      "parseEnv(readProjectFile(join(root, '.env.example')))",
      `parseEnv(${READ}(join(root, '.env.example'), 'utf8'))`,
    ),
    'a folder in the place of a compose file prints a stack': edit(
      'config/image-variables.ts',
      'readProjectFile(join(root, file)).match',
      `${READ}(join(root, file), 'utf8').match`,
    ),
    'a compose file that is missing makes the list of variables shorter': edit(
      'config/image-variables.ts',
      'new Set([...FILES, ...globSync',
      'new Set([...globSync',
    ),
    'a folder in the place of an input of an image counts as no input': edit(
      'stack/images/build-inputs.ts',
      'if (files.length === 0) throw',
      'if (files.length < 0) throw',
    ),
    'a folder is mounted in the place of a file': edit(
      'stack/compose/prepare.ts',
      "  if (!stat.isFile()) throw unusable(file, 'is no file')\n",
      '',
    ),
    'an unusable list of exceptions prints a stack': edit(
      'migrations/lint/exceptions.ts',
      '  } catch (cause) {\n    const what',
      '  } catch (cause) {\n    if (text !== undefined) throw cause\n    const what',
    ),
    'a folder among the SQL files is left to the linters': edit(
      'migrations/lint/main.ts',
      '  for (const file of files) readProjectFile(file)\n',
      '',
    ),
    'labels that cannot be read print a stack': edit('scripts/labels.sh', ' 2>/dev/null) ||', ') ||'),
    'the words of git are all that is said about an unusable list of packages': edit(
      'scripts/dependencies.sh',
      " 2>/dev/null) || die 2 'package-lock.json cannot be read.' 'git checkout package-lock.json'",
      ')',
    ),
    'an unusable list of tools in Python is left to pip': edit(
      'scripts/python-tools.sh',
      '[[ -f scripts/requirements.txt && -r scripts/requirements.txt ]] ||',
      'true ||',
    ),
  },
})
