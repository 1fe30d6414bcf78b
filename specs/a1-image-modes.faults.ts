import { edit, faults } from '../harness/setup.ts'

const BUILD = 'stack/images/build.ts'

export default faults({
  'A1.0.1': {
    'an image has the modes of the checkout': edit(BUILD, '  await setModes(context)\n', ''),
    'no file of an image can be executed': edit(
      BUILD,
      'const isExecutable = entry.isDirectory() || ((await stat(path)).mode & 0o100) !== 0',
      'const isExecutable = entry.isDirectory() && (await stat(path)).mode !== 0',
    ),
    'a folder of an image can be entered by its owner alone': edit(
      BUILD,
      '    await chmod(path, isExecutable ? 0o755 : 0o644)\n',
      '    if (!entry.isDirectory()) await chmod(path, isExecutable ? 0o755 : 0o644)\n',
    ),
  },
})
