import { edit, faults } from '../harness/setup.ts'

export default faults({
  'A1.4.3': {
    'the doctor accepts a folder whose name has a colon': edit(
      'stack/doctor/project.ts',
      "root.includes(':')",
      "root === ':'",
    ),
  },
  'A1.4.6': {
    'a folder whose name has a colon is taken as it is': edit(
      'scripts/lib.sh',
      '[[ "$HMA_ROOT" != *:* ]] || die 3',
      'true || die 3',
    ),
  },
  'A1.4.7': {
    'git writes the line ends of the machine': edit('.gitattributes', '* text=auto eol=lf', '* text=auto'),
    'git writes the line ends of the machine into all but scripts': edit(
      '.gitattributes',
      '* text=auto eol=lf',
      '* text=auto\n*.sh text eol=lf',
    ),
  },
})
