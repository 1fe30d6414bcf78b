import { edit, faults } from '../harness/setup.ts'

const VOLUMES = 'stack/doctor/volumes.ts'
const HARDWARE = 'stack/doctor/hardware.ts'
const OF_THE_ENGINE = 'platformOf(wanted) !== `linux/${engine.architecture}`'

export default faults({
  'A1.4.3': {
    'a full volume is only a warning': edit(VOLUMES, 'free >= LEAST ? warning', 'free >= 0 ? warning'),
    'little space in a volume is no finding': edit(VOLUMES, 'const ENOUGH = 512', 'const ENOUGH = 64'),
    'a df that fails counts as enough space': edit(
      VOLUMES,
      'freeIn(stdout) : undefined',
      'freeIn(stdout) : ENOUGH',
    ),
    'the disk of the engine is looked at in the place of the volume': edit(
      VOLUMES,
      "'-Pk', folder]",
      "'-Pk', '/']",
    ),
    'volumes of every project count': edit(VOLUMES, 'each.project === project && ', ''),
    'a platform that the engine does not have is accepted': edit(
      HARDWARE,
      OF_THE_ENGINE,
      "wanted === 'none'",
    ),
    'a platform with its variant counts as another one': edit(
      HARDWARE,
      'platformOf(wanted) !==',
      'wanted !==',
    ),
    'the platform of the engine counts as another one': edit(HARDWARE, OF_THE_ENGINE, 'wanted !== name'),
  },
})
