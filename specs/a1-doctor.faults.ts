import { edit, faults } from '../harness/setup.ts'

export default faults({
  'A1.4.3': {
    'a taken port counts as free': edit(
      'stack/doctor/ports.ts',
      'if (refused === undefined) return undefined',
      'if (refused !== undefined) return undefined',
    ),
    'nobody looks which process has the port': edit(
      'stack/doctor/ports.ts',
      "const LISTENING = '0A'",
      "const LISTENING = '0B'",
    ),
    'nobody looks which container has the port': edit('stack/doctor/ports.ts', '?->/g', '?-->/g'),
    'every container counts as one of this stack': edit(
      'stack/doctor/ports.ts',
      'container?.project === project',
      'container !== undefined',
    ),
    'of ports side by side nobody finds the owner': edit('stack/doctor/ports.ts', '(?:-(\\d+))?->/g', '->/g'),
    'a port of its own stack counts as taken': edit(
      'stack/doctor/ports.ts',
      'container?.project === project',
      'container?.project === "x"',
    ),
    'a number beyond the last port is only a warning': edit(
      'stack/doctor/ports.ts',
      'return voice.broken(`${variable}',
      'return voice.warning(`${variable}',
    ),
    'the first missing tool stands for all': edit(
      'scripts/doctor',
      'found broken "$tool"',
      'found broken git',
    ),
    'a tool without which no wait has a limit is not looked for': edit(
      'stack/doctor/machine.ts',
      "programs: ['timeout', 'gtimeout']",
      "programs: ['timeout', 'gtimeout', 'git']",
    ),
    'every tool counts as missing': edit(
      'stack/doctor/machine.ts',
      'programs.every((program)',
      'programs.some((program)',
    ),
    'half a look counts as a whole one': edit('scripts/doctor', '"complete": false', '"complete": true'),
    'too little disk is only a warning': edit(
      'stack/doctor/machine.ts',
      "least.gib >= need ? 'warning' : 'broken'",
      "least.gib >= 0 ? 'warning' : 'broken'",
    ),
    'disk that just suffices is not worth a word': edit(
      'stack/doctor/machine.ts',
      'least.gib >= 2 * need',
      'least.gib >= need',
    ),
    'an image whose registry is silent counts as had': edit(
      'stack/doctor/images.ts',
      'if (status === 200) return undefined',
      'if (status !== 404) return undefined',
    ),
    'a stand-in is promised to those who want none': edit(
      'stack/doctor/images.ts',
      "variables.HMA_IMAGES !== 'locked' && ",
      '',
    ),
    'something broken is told with the exit code of a warning': edit(
      'stack/doctor/main.ts',
      'broken: 2',
      'broken: 1',
    ),
  },
})
