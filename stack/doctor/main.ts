// The doctor's command line; scripts/doctor --help is its manual. It reads and changes nothing, and needs no dependency.
import { parseArgs } from 'node:util'
import { ROOT } from '../../config/root.ts'
import { meetDocker } from './docker.ts'
import { api, compose, engine, limits } from './engine.ts'
import { type Finding, stateOf } from './finding.ts'
import { images, missingImages, registries } from './images.ts'
import { architecture, clock, disk, folder, memory, node, processors, tools } from './machine.ts'
import { ports } from './ports.ts'
import { containers, dependencies, ignored, name, secrets, settings } from './project.ts'
import { projectOf, type Room, readVariables, type Variant } from './room.ts'

const CHECKS: ((room: Room) => Finding[] | Promise<Finding[]>)[] = [
  ...[tools, node, architecture, processors, memory, disk, clock, folder, engine, api, limits, compose],
  ...[dependencies, images, registries, settings, secrets, ignored, ports, name, containers],
]
const WRONG_USE = 64
const SIGNS = { ok: '✓', warning: '!', broken: '✗' } as const
const EXIT = { ok: 0, warning: 1, broken: 2 } as const

const asked = readWords(process.argv.slice(2))
process.exitCode = asked === undefined ? WRONG_USE : await main(asked)

interface Asked {
  variant: Variant
  needDiskGib: number | undefined
  /** Names of checks; none means all. */
  only: string[]
  beforeSetup: boolean
  json: boolean
}

async function main({ json, ...wish }: Asked): Promise<number> {
  const findings = await examine(wish)
  const state = stateOf(findings)
  if (json) console.log(JSON.stringify({ state, complete: true, findings }, null, 2))
  else for (const finding of findings) console.log(lineOf(finding))
  return EXIT[state]
}

/** All that were asked for side by side, told in the order of what depends on what. */
async function examine({ variant, only, ...wish }: Omit<Asked, 'json'>): Promise<Finding[]> {
  const variables = readVariables(ROOT)
  const docker = once(meetDocker)
  const missing = once(async () => (typeof (await docker()) === 'string' ? undefined : missingImages(ROOT)))
  const project = projectOf(variables, variant)
  const room: Room = { root: ROOT, variant, variables, docker, missing, project, ...wish }
  const chosen = CHECKS.filter(({ name }) => only.length === 0 || only.includes(name))
  return (await Promise.all(chosen.map((check) => check(room)))).flat()
}

function once<T>(act: () => Promise<T>): () => Promise<T> {
  let done: Promise<T> | undefined
  return () => {
    done ??= act()
    return done
  }
}

function lineOf({ check, state, what, next }: Finding): string {
  const act = next === undefined ? '' : ` Next: ${next}`
  return `${SIGNS[state]} ${check.padEnd(13)} ${what}${act}`
}

function readWords(words: string[]): Asked | undefined {
  const options = {
    variant: { type: 'string', default: 'dev' },
    'need-disk': { type: 'string' },
    only: { type: 'string', multiple: true },
    'before-setup': { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  } as const
  try {
    const { values } = parseArgs({ args: words, options })
    const { variant, json, only = [] } = values
    const stranger = only.find((check) => !CHECKS.some(({ name }) => name === check))
    if (stranger !== undefined) return refuse(`There is no check ${stranger}.`)
    const needDiskGib = values['need-disk'] === undefined ? undefined : Number(values['need-disk'])
    if (!isVariant(variant)) return refuse(`--variant ${variant} is none of dev, test and prod.`)
    if (needDiskGib !== undefined && !(needDiskGib >= 0)) return refuse('--need-disk takes a number of GiB.')
    return { variant, needDiskGib, only, beforeSetup: values['before-setup'], json }
  } catch (error) {
    return refuse(`${(error as Error).message.split('. ')[0]}.`)
  }
}

function isVariant(text: string): text is Variant {
  return ['dev', 'test', 'prod'].includes(text)
}

function refuse(what: string): undefined {
  process.stderr.write(`doctor: ${what} Next: scripts/doctor --help\n`)
}
