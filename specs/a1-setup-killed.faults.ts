import { edit, edits, faults } from '../harness/setup.ts'

export default faults({
  'A1.0.3': {
    'an incomplete .env counts as complete': edit(
      'stack/setup/env-file.ts',
      'if (missing.length === 0) return []',
      'if (written !== undefined) return []',
    ),
    'the lines of .env are lost when it is completed': edit(
      'stack/setup/env-file.ts',
      'written === undefined ? copyOf',
      'written !== "" ? copyOf',
    ),
    'a container that was created and never started counts as up to date': edits(
      { file: 'stack/setup/stack.ts', find: 'container?.isHealthy && ', replace: '' },
      { file: 'stack/setup/stack.ts', find: '!hasNewerFiles(containers)', replace: 'true' },
    ),
    'a container that lacks a network counts as complete': edit(
      'stack/compose/networks.ts',
      '!networks.includes(network)',
      'network === service',
    ),
    'a network that was removed counts as one that a container has': edit(
      'config/compose-containers.ts',
      "NetworkID === '' || existing.has(NetworkID)",
      "NetworkID === '' || existing.size > 0",
    ),
    'nothing is seeded where the stack was already up': edit(
      'stack/setup/steps.ts',
      "{ name: 'seed', run: seed },",
      '',
    ),
    'where the first seed is there, all are taken to be': edit(
      'stack/setup/data.ts',
      '    const loaded = await loadSeeds(client, SEEDS, () => {})\n',
      `    const first = await loadSeeds(client, SEEDS.slice(0, 1), () => {})
    if (first.reference === 0) return { changed: false, what: 'nothing new' }
    const loaded = { ...first, ...(await loadSeeds(client, SEEDS.slice(1), () => {})) }
`,
    ),
    'compose.sh starts a container that lacks a network': edit(
      'stack/compose/main.ts',
      'createsStack(command) && !isDryRun',
      "command === 'upward'",
    ),
  },
})
