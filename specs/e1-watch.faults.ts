import { edit, faults } from '../harness/setup.ts'

const PROGRAM = 'ops/stats/program.ts'

export default faults({
  'E1.0.2': {
    'with --watch there is one round': edit(PROGRAM, 'await pause(watch * 1000)', 'return 0'),
    'with --watch a round without an answer is the end': edit(PROGRAM, '.catch(asCliError)', ''),
    'with --watch there is no pause between two rounds': edit(
      PROGRAM,
      'await pause(watch * 1000)',
      'await pause(watch)',
    ),
    'with --watch and --json a round without an answer is a line of text': edit(
      PROGRAM,
      '    else if (json) process.stdout.write(`${JSON.stringify({ error: round })}\\n`)\n',
      '',
    ),
    'with --watch a round without an answer prints nothing as text': edit(
      PROGRAM,
      '    else process.stdout.write(`${round.line}\\n`)\n',
      '',
    ),
    'with --watch and --json the figures of a round stand on several lines': edit(
      PROGRAM,
      'JSON.stringify(figures)',
      'JSON.stringify(figures, null, 2)',
    ),
    'with --watch an interruption is a success': edit(
      PROGRAM,
      '  for (;;) {\n',
      "  process.on('SIGINT', () => process.exit(0))\n  for (;;) {\n",
    ),
  },
})
