import { edit, edits, faults } from '../harness/setup.ts'

export default faults({
  'A1.4.3': {
    'a taken port counts as free': edit(
      'stack/doctor/ports.ts',
      'if (error === undefined) return undefined',
      'if (error !== undefined) return undefined',
    ),
    'nobody looks which process has the port': edit(
      'stack/doctor/port-owner.ts',
      "const LISTENING = '0A'",
      "const LISTENING = '0B'",
    ),
    'nobody looks which container has the port': edit(
      'stack/doctor/ports.ts',
      'hostPort === port',
      'hostPort === -port',
    ),
    'every container counts as one of this stack': edit(
      'stack/doctor/ports.ts',
      'container?.project === project',
      'container !== undefined',
    ),
    'of ports side by side nobody finds the owner': edit(
      'stack/doctor/ports.ts',
      'published.some((',
      'published.slice(0, 1).some((',
    ),
    'a port of its own stack counts as taken': edit(
      'stack/doctor/ports.ts',
      'container?.project === project',
      'container?.project === "x"',
    ),
    'a number beyond the last port is only a warning': edits(
      { file: 'stack/doctor/ports.ts', find: 'broken, type Check', replace: 'broken, warning, type Check' },
      {
        file: 'stack/doctor/ports.ts',
        find: 'return broken(`${variable}',
        replace: 'return warning(`${variable}',
      },
    ),
    'the first missing tool stands for all': edit(
      'scripts/doctor',
      'add_finding broken "$tool"',
      'add_finding broken git',
    ),
    'a tool without which no wait has a limit is not looked for': edit(
      'stack/doctor/tools.ts',
      "programs: ['timeout', 'gtimeout']",
      "programs: ['timeout', 'gtimeout', 'git']",
    ),
    'every tool counts as missing': edit(
      'stack/doctor/tools.ts',
      'programs.every((program)',
      'programs.some((program)',
    ),
    'half a look counts as a whole one': edit('scripts/doctor', '"complete": false', '"complete": true'),
    'too little disk is only a warning': edit(
      'stack/doctor/hardware.ts',
      'least.gib >= need ? warning : broken',
      'least.gib >= 0 ? warning : broken',
    ),
    'disk that just suffices is not worth a word': edit(
      'stack/doctor/hardware.ts',
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
