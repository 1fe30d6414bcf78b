// The steps of the set-up, in order. Each may be run again, and changes nothing where nothing is missing.
import { seed, smoke } from './data.ts'
import { provideImages } from './images.ts'
import { checkMachine, ensureEngine } from './machine.ts'
import type { Step } from './options.ts'
import { completeSettings } from './settings.ts'
import { startStack } from './stack.ts'

export const STEPS: readonly Step[] = [
  { name: 'doctor', run: checkMachine },
  { name: 'engine', run: ensureEngine },
  { name: 'settings', run: completeSettings },
  { name: 'images', run: provideImages },
  { name: 'stack', run: startStack },
  { name: 'seed', run: seed },
  { name: 'smoke', run: smoke },
]
