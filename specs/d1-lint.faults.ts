import { edit, faults } from '../harness/setup.ts'

const BIOME = 'biome.json'

export default faults({
  'D1.1.1': {
    'a promise that nobody awaits is no defect': edit(
      BIOME,
      '"noFloatingPromises": "error"',
      '"noFloatingPromises": "off"',
    ),
    'the rule about promises that nobody awaits is gone': edit(
      BIOME,
      '"nursery": {\n        "noFloatingPromises": "error"\n      },\n',
      '',
    ),
    'a test that is left out is no defect': edit(
      BIOME,
      '"noSkippedTests": "error"',
      '"noSkippedTests": "off"',
    ),
    'a value of any type is no defect': edit(BIOME, '"noExplicitAny": "error"', '"noExplicitAny": "off"'),
    'nothing is linted': edit(
      BIOME,
      '"linter": {\n    "rules": {\n      "preset"',
      '"linter": {\n    "enabled": false,\n    "rules": {\n      "preset"',
    ),
    'a folder is not linted': edit(BIOME, '"!package-lock.json",', '"!package-lock.json",\n      "!ops/**",'),
  },
})
