import { edit, faults } from '../harness/setup.ts'

export default faults({
  'A1.4.6': {
    'a folder is read like a file': edit(
      'config/text-file.ts',
      'if (!stat.isFile())',
      'if (stat.isSocket())',
    ),
    'a named pipe is read like a file': edit(
      'config/text-file.ts',
      'if (!stat.isFile())',
      'if (!stat.isFile() && !stat.isFIFO())',
    ),
    'a named pipe in the place of a secret is read like a file': edit(
      'config/secrets.ts',
      'if (!stat.isFile())',
      'if (stat.isDirectory())',
    ),
    'any size is read': edit('config/text-file.ts', 'stat.size > largest', 'stat.size < 0'),
    'a BOM belongs to the text': edit('config/text-file.ts', '^\\uFEFF|', ''),
    'binary data are read as text': edit('config/text-file.ts', '|\\uFFFD|[', '|['),
    'a dollar sign in .env is accepted': edit('config/dotenv.ts', `'"$#`, `'"#`),
    'a number sign in .env is accepted': edit('config/dotenv.ts', `'"$#`, `'"$`),
    'a line of .env without = is passed over': edit(
      'config/dotenv.ts',
      'if (!PAIR.test(line)) return',
      'if (PAIR.test(line) && line === file) return',
    ),
    'a secret may end with a carriage return': edit('config/secrets.ts', 'content !== content.trim() ||', ''),
    'a secret may have bytes that are no UTF-8': edit('config/secrets.ts', '|| /\\uFFFD|[', '|| /['),
    'a secret of any size is read': edit('config/secrets.ts', 'stat.size > LARGEST_BYTES', 'stat.size < 0'),
    'a lock that cannot be written counts as held': edit(
      'scripts/lib.sh',
      'die 3 "$1 cannot be written."',
      'return 1 # "',
    ),
    'a missing perl counts as a held lock': edit(
      'scripts/lib.sh',
      'command -v perl >/dev/null ||',
      'true ||',
    ),
    'an option without its value counts as given': edit(
      'scripts/teardown.sh',
      '(($# > 1)) || die 2',
      'true || die 2',
    ),
    'an unknown option of a script is passed over': edit(
      'scripts/labels.sh',
      `*) die 2 "unknown option '$1'." 'scripts/labels.sh --help' ;;`,
      '*) ;;',
    ),
    'a backup without a variant is one of dev': edit(
      'stack/backup/main.ts',
      'const option = words.slice(at, at + 2)',
      "const option = ['--variant', words[at + 1] ?? 'dev']",
    ),
    'compose.sh passes over an unusable list of images': edit(
      'stack/compose/main.ts',
      'await writeImageNames(profilesIn(globalOptions))',
      'await writeImageNames(profilesIn(globalOptions)).catch(() => {})',
    ),
    'a missing secret stops a backup alone': edit(
      'stack/backup/main.ts',
      '  checkSecrets(settings.secretsFolder, variant)',
      "  if (command === 'backup') checkSecrets(settings.secretsFolder, variant)",
    ),
    'the gate reads .env when it has begun': edit(
      'stack/gate/main.ts',
      'if (steps.some(({ stack }) => stack)) stepEnvironment',
      'if (steps.length === 0) stepEnvironment',
    ),
    'a smoke test without its secret prints a stack': edit(
      'config/secrets.ts',
      "if (content === undefined) throw unusable(folder, name, problem, 'dev')\n  return content",
      'if (content === undefined) throw new Error(problem)\n  return content',
    ),
  },
})
