// Every check, in the order in which the findings are printed: what others depend on comes first.
import { containers, name } from './compose-project.ts'
import { api, compose, engine, limits } from './engine.ts'
import type { Check } from './finding.ts'
import { architecture, clock, disk, memory, processors } from './hardware.ts'
import { images, registries } from './images.ts'
import { ports } from './ports.ts'
import { dependencies, folder, ignored } from './project.ts'
import { secrets, settings } from './settings.ts'
import { node, tools } from './tools.ts'
import { volumes } from './volumes.ts'

export const CHECKS: readonly Check[] = [
  ...[tools, node, architecture, processors, memory, disk, clock, folder, engine, api, limits, compose],
  ...[dependencies, images, registries, settings, secrets, ignored, ports, name, containers, volumes],
]
