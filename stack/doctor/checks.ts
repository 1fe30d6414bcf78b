// Every check, in the order in which the findings are printed: what others depend on comes first, among topics and within each.
import { OF_COMPOSE } from './compose-project.ts'
import { OF_ENGINE } from './engine.ts'
import type { Check } from './finding.ts'
import { OF_HARDWARE } from './hardware.ts'
import { OF_IMAGES } from './images.ts'
import { OF_PORTS } from './ports.ts'
import { OF_PROJECT } from './project.ts'
import { OF_SETTINGS } from './settings.ts'
import { OF_TOOLS } from './tools.ts'
import { OF_VOLUMES } from './volumes.ts'

export const CHECKS: readonly Check[] = [
  ...[OF_TOOLS, OF_HARDWARE, OF_PROJECT, OF_ENGINE, OF_IMAGES, OF_SETTINGS, OF_PORTS, OF_COMPOSE, OF_VOLUMES],
].flat()
