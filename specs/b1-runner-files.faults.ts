import { edit, faults } from '../harness/setup.ts'

const HEADER = 'migrations/runner/header.ts'
const FILES = 'migrations/runner/files.ts'
const LEXER = 'migrations/runner/lexer.ts'
const STATEMENTS = 'migrations/runner/statements.ts'

export default faults({
  'B1.0.11': {
    'of two groups the second counts': edit(
      'migrations/runner/header.ts',
      "key === 'opt-in' && header.optIn === null && ",
      "key === 'opt-in' && ",
    ),
    'without a transaction a string is read as the database says': edit(
      'migrations/runner/without-transaction.ts',
      "set search_path = '';\n  set standard_conforming_strings = on`",
      "set search_path = ''`",
    ),
    'what is nearly a directive is passed over': edit(
      HEADER,
      'if (NEARLY.test(text) ||',
      'if (text === `${header.optIn}` ||',
    ),
    'a directive below the first statement is passed over': edit(
      HEADER,
      "if (kind === 'comment' && NEARLY_EFFECTIVE.test(text))",
      "if (kind !== 'comment' && NEARLY_EFFECTIVE.test(text))",
    ),
    'a directive on a later line of a block comment is passed over': edit(
      HEADER,
      String.raw`run[-_\s]*as)\b\s*(?:[:=]|\*\/|$)/im`,
      String.raw`run[-_\s]*as)\b\s*(?:[:=]|\*\/|$)/i`,
    ),
    'a directive at the end of a block comment is passed over': edit(
      HEADER,
      String.raw`run[-_\s]*as)\b\s*(?:[:=]|\*\/|$)`,
      String.raw`run[-_\s]*as)\b\s*(?:[:=]|$)`,
    ),
    'a directive in a down file is passed over': edit(
      FILES,
      "  refuseDirectives(down, refuseDown, 'that belongs into the up file')\n",
      '',
    ),
    'directives count in the first block of comments only': edit(
      HEADER,
      "tokens.findIndex(({ kind }) => kind === 'token')",
      "tokens.findIndex(({ text }) => !text.startsWith('--'))",
    ),
    'a numbered file whose name ends like that of a file of the prelude is passed over': edit(
      FILES,
      '!OTHERS.includes(file)',
      '!OTHERS.some((other) => file.endsWith(other))',
    ),
    'a file whose name begins like that of a file of the prelude is passed over': edit(
      FILES,
      '!OTHERS.includes(file)',
      '!OTHERS.some((other) => file.startsWith(other))',
    ),
    'an ending in capitals is another file': edit(FILES, '/\\.sql|^\\d+_/i', '/\\.sql$/'),
    'a byte order mark is part of the text': edit(
      FILES,
      "if (sql.startsWith('\\uFEFF'))",
      "if (sql === '\\uFEFF')",
    ),
    'the line ends of Windows are part of the text': edit(FILES, "sql.replaceAll('\\r\\n', '\\n')", 'sql'),
    'a comment ends with the first end of a comment': edit(
      LEXER,
      "depth += match[0] === '/*' ? 1 : -1",
      "depth = match[0] === '/*' ? 1 : 0",
    ),
    'the tag of a dollar quote has letters of ASCII only': edit(
      LEXER,
      'String.raw`[A-Za-z_\\u0080-\\uffff][\\w\\u0080-\\uffff]*`',
      'String.raw`[a-z_]\\w*`',
    ),
    'a carriage return does not end a comment': edit(
      LEXER,
      'String.raw`--[^\\n\\r]*`',
      'String.raw`--[^\\n]*`',
    ),
    'an escape string ends with its first part': edit(LEXER, '(?:${GOES_ON}${ESCAPED})*', ''),
    'a name in double quotes is read like other text': edit(LEXER, '  `(?:[uU]&)?"(?:[^"]|"")*"`,\n', ''),
    'the tag of a dollar quote has no letter case': edit(
      LEXER,
      "new RegExp(PATTERNS.join('|'), 'g')",
      "new RegExp(PATTERNS.join('|'), 'gi')",
    ),
    'a column called atomic begins the body of a function': edit(
      STATEMENTS,
      '/^create (?:or replace )?(?:function|procedure) /.test',
      '/^/.test',
    ),
    'the body of a function goes on after its end': edit(
      STATEMENTS,
      "word !== 'end' || (last !== ';' && last !== 'atomic')",
      "word !== 'end' || (last !== 'end' && last !== 'atomic')",
    ),
    'the body of a function ends with any end': edit(
      STATEMENTS,
      "word !== 'end' || (last !== ';' && last !== 'atomic')",
      "word !== 'end'",
    ),
    'a file is read by the settings of the database': edit(
      'migrations/runner/run.ts',
      "set local search_path = '';\n  set local standard_conforming_strings = on",
      "set local search_path = ''",
    ),
    'a line is counted in units of UTF-16': edit(
      'migrations/runner/script-error.ts',
      '[...sql]',
      "sql.split('')",
    ),
  },
})
