import { edit, faults } from '../harness/setup.ts'

export default faults([
  {
    criterion: 'A1.4.3',
    breaks: 'a taken port counts as free',
    plant: edit(
      'doctor/ports.ts',
      'if (refused === undefined) return undefined',
      'if (refused !== undefined) return undefined',
    ),
  },
  {
    criterion: 'A1.4.3',
    breaks: 'nobody looks which process has the port',
    plant: edit('doctor/ports.ts', "const LISTENING = '0A'", "const LISTENING = '0B'"),
  },
  {
    criterion: 'A1.4.3',
    breaks: 'nobody looks which container has the port',
    plant: edit('doctor/ports.ts', '?->/g', '?-->/g'),
  },
  {
    criterion: 'A1.4.3',
    breaks: 'every container counts as one of this stack',
    plant: edit('doctor/ports.ts', 'container?.project === project', 'container !== undefined'),
  },
  {
    criterion: 'A1.4.3',
    breaks: 'of ports side by side nobody finds the owner',
    plant: edit('doctor/ports.ts', '(?:-(\\d+))?->/g', '->/g'),
  },
  {
    criterion: 'A1.4.3',
    breaks: 'a port of its own stack counts as taken',
    plant: edit('doctor/ports.ts', 'container?.project === project', 'container?.project === "x"'),
  },
  {
    criterion: 'A1.4.3',
    breaks: 'a number beyond the last port is only a warning',
    plant: edit('doctor/ports.ts', 'return voice.broken(`${variable}', 'return voice.warning(`${variable}'),
  },
  {
    criterion: 'A1.4.3',
    breaks: 'the first missing tool stands for all',
    plant: edit('scripts/doctor', 'found broken "$tool"', 'found broken git'),
  },
  {
    criterion: 'A1.4.3',
    breaks: 'a tool without which no wait has a limit is not looked for',
    plant: edit(
      'doctor/machine.ts',
      "programs: ['timeout', 'gtimeout']",
      "programs: ['timeout', 'gtimeout', 'git']",
    ),
  },
  {
    criterion: 'A1.4.3',
    breaks: 'every tool counts as missing',
    plant: edit('doctor/machine.ts', 'programs.every((program)', 'programs.some((program)'),
  },
  {
    criterion: 'A1.4.3',
    breaks: 'half a look counts as a whole one',
    plant: edit('scripts/doctor', '"complete": false', '"complete": true'),
  },
  {
    criterion: 'A1.4.3',
    breaks: 'too little disk is only a warning',
    plant: edit(
      'doctor/machine.ts',
      "least.gib >= need ? 'warning' : 'broken'",
      "least.gib >= 0 ? 'warning' : 'broken'",
    ),
  },
  {
    criterion: 'A1.4.3',
    breaks: 'disk that just suffices is not worth a word',
    plant: edit('doctor/machine.ts', 'least.gib >= 2 * need', 'least.gib >= need'),
  },
  {
    criterion: 'A1.4.3',
    breaks: 'an image whose registry is silent counts as had',
    plant: edit(
      'doctor/images.ts',
      'if (status === 200) return undefined',
      'if (status !== 404) return undefined',
    ),
  },
  {
    criterion: 'A1.4.3',
    breaks: 'a stand-in is promised to those who want none',
    plant: edit('doctor/images.ts', "variables.HMA_IMAGES !== 'locked' && ", ''),
  },
  {
    criterion: 'A1.4.3',
    breaks: 'something broken is told with the exit code of a warning',
    plant: edit('doctor/main.ts', 'broken: 2', 'broken: 1'),
  },
])
