import { edit, edits, faults } from '../harness/setup.ts'

export default faults({
  'A1.4.3': {
    'a taken port counts as free': edit(
      'stack/doctor/ports.ts',
      'if (error === undefined) return undefined',
      'if (error !== undefined) return undefined',
    ),
    'the last port is not looked at': edit(
      'stack/doctor/ports.ts',
      'const wanted = SERVICE_PORTS.map(',
      'const wanted = SERVICE_PORTS.slice(0, -1).map(',
    ),
    'the text names no next act': edit('stack/doctor/examine.ts', 'withNext(what, next)', 'what'),
    'the process that holds the port is not found': edit(
      'stack/doctor/port-owner.ts',
      "const LISTENING = '0A'",
      "const LISTENING = '0B'",
    ),
    'the owner of a port below 4096 is not found': edit(
      'stack/doctor/port-owner.ts',
      "port.toString(16).toUpperCase().padStart(4, '0')",
      'port.toString(16).toUpperCase()',
    ),
    'a process that listens at IPv6, too, is not found': edit(
      'stack/doctor/port-owner.ts',
      "['/proc/net/tcp', '/proc/net/tcp6']",
      "['/proc/net/tcp']",
    ),
    'the disk of temporary files is not looked at': edit(
      'stack/doctor/hardware.ts',
      '    variables.TMPDIR ?? machine.temporaryFolder,\n',
      '',
    ),
    'the container that holds the port is not found': edit(
      'stack/doctor/ports.ts',
      'hostPort === port',
      'hostPort === -port',
    ),
    'every container counts as one of this stack': edit(
      'stack/doctor/ports.ts',
      'container?.project === project',
      'container !== undefined',
    ),
    'only the first published port of a container is compared': edit(
      'stack/doctor/ports.ts',
      'published.some((',
      'published.slice(0, 1).some((',
    ),
    'a port of its own stack counts as taken': edit(
      'stack/doctor/ports.ts',
      'container?.project === project',
      'container?.project === "x"',
    ),
    'a port above 65535 is only a warning': edits(
      { file: 'stack/doctor/ports.ts', find: 'broken, type Check', replace: 'broken, warning, type Check' },
      {
        file: 'stack/doctor/ports.ts',
        find: 'return broken(`${variable}',
        replace: 'return warning(`${variable}',
      },
    ),
    'every missing tool is called git': edit(
      'scripts/doctor',
      'add_finding broken "$tool"',
      'add_finding broken git',
    ),
    'the tool timeout is not checked': edit(
      'stack/doctor/tools.ts',
      "programs: ['timeout', 'gtimeout']",
      "programs: ['timeout', 'gtimeout', 'git']",
    ),
    'a tool counts as missing when one of its names is': edit(
      'stack/doctor/tools.ts',
      'programs.every((program)',
      'programs.some((program)',
    ),
    'an incomplete examination is reported as complete': edit(
      'scripts/doctor',
      '"complete": false',
      '"complete": true',
    ),
    'too little disk is only a warning': edit(
      'stack/doctor/hardware.ts',
      'least.gib >= need ? warning : broken',
      'least.gib >= 0 ? warning : broken',
    ),
    'disk that is just sufficient gets no warning': edit(
      'stack/doctor/hardware.ts',
      'least.gib >= 2 * need',
      'least.gib >= need',
    ),
    'an image whose registry does not answer counts as available': edit(
      'stack/doctor/images.ts',
      'if (status === 200) return undefined',
      'if (status !== 404) return undefined',
    ),
    'a stand-in is promised where HMA_IMAGES=locked forbids it': edit(
      'stack/doctor/images.ts',
      "variables.HMA_IMAGES !== 'locked' && ",
      '',
    ),
    'a stand-in is promised for an image that has none': edit(
      'stack/doctor/images.ts',
      'if (instead !== undefined) return broken(',
      "if (instead === '') return broken(",
    ),
    'something broken has the exit code of a warning': edit('stack/doctor/main.ts', 'broken: 2', 'broken: 1'),
  },
})
