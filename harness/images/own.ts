// The images that are ours: one Dockerfile each, whose base is a locked image or its stand-in.

export interface OwnImage {
  name: string
  dockerfile: string
  /** Name in docker/images.lock, handed to the Dockerfile as BASE. */
  base: string
  /** Folder the Dockerfile copies from. */
  context: string
  /** All it may copy, from that folder; what is not named here does not reach the build. */
  inputs: string[]
}

/** In the order in which they are built. */
export const OWN_IMAGES: OwnImage[] = [
  {
    name: 'hma-postgres',
    dockerfile: 'docker/postgres.Dockerfile',
    base: 'postgres',
    context: 'docker',
    inputs: [],
  },
  {
    name: 'ml-stub',
    dockerfile: 'docker/ml-stub.Dockerfile',
    base: 'node',
    context: '.',
    inputs: ['ml-stub', 'package.json', 'package-lock.json'],
  },
  {
    name: 'hma-tools',
    dockerfile: 'docker/tools.Dockerfile',
    base: 'node',
    context: '.',
    inputs: [
      'environment/index.ts',
      'environment/connection.ts',
      'environment/database.ts',
      'environment/refusal.ts',
      'migrations',
      'seeds',
      'audit',
      'package.json',
      'package-lock.json',
    ],
  },
  {
    name: 'redis-commander',
    dockerfile: 'docker/redis-commander.Dockerfile',
    base: 'node',
    context: 'docker/redis-commander',
    inputs: ['package.json', 'package-lock.json', 'start.ts'],
  },
]
