import { edit, faults } from '../harness/setup.ts'

const LOCALE = 'migrations/runner/locale.ts'

export default faults({
  'B1.1.6': {
    'any locale is accepted': edit(LOCALE, 'if (folds) return', 'if (encoding) return'),
    'only letters of ASCII are asked for': edit(
      LOCALE,
      "lower('IÖ') = 'iö' and upper('iö') = 'IÖ'",
      "lower('I') = 'i'",
    ),
    'only letters outside of ASCII are asked for': edit(
      LOCALE,
      "lower('IÖ') = 'iö' and upper('iö') = 'IÖ'",
      "lower('Ö') = 'ö'",
    ),
    'the prelude does not ask': edit('migrations/runner/prelude.ts', 'await requireLocale(client)', ''),
  },
})
