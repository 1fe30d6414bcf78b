import { edit, faults } from '../harness/setup.ts'

export default faults([
  {
    criterion: 'A1.0.4',
    breaks: 'a client waits for a store as long as it takes',
    plant: edit('smoke/probe.ts', 'AbortSignal.timeout(withinMs)', 'AbortSignal.timeout(20 * withinMs)'),
  },
  {
    criterion: 'A1.0.4',
    breaks: 'a client gives a store up as soon as its line is slow',
    plant: edit('smoke/probe.ts', 'AbortSignal.timeout(withinMs)', 'AbortSignal.timeout(withinMs / 25)'),
  },
])
