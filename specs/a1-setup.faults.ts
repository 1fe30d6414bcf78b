import { edit, faults } from '../harness/setup.ts'

export default faults({
  'A1.0.1': {
    'the smoke test of Redis writes nothing': edit(
      'stack/smoke/cache.ts',
      'replyTo(url, password, signal, roundTrip)',
      'replyTo(url, password, signal, (client) => client.ping())',
    ),
    'the smoke test of the object store writes nothing': edit(
      'stack/smoke/store.ts',
      '        await writeAndAbort(client, bucket, signal)\n',
      '',
    ),
    'a machine whose own Node is too old for the doctor is refused before npm installs one': edit(
      'scripts/setup-dev-environment.sh',
      '(($? != 2))',
      '(($? == 1))',
    ),
    'test users are not loaded': edit(
      'stack/setup/data.ts',
      'loadSeeds(client, SEEDS',
      "loadSeeds(client, ['reference']",
    ),
    'a clone that was made with umask 077 keeps its files from the services': edit(
      'stack/compose/prepare.ts',
      '(mode & 0o444) !== 0o444',
      '(mode & 0o444) === 0',
    ),
    'the newest migrations are not applied': edit(
      'docker/docker-compose.yml',
      'command: ["migrations/runner/main.ts", "apply"]',
      'command: ["migrations/runner/main.ts", "apply", "--to", "0010"]',
    ),
    'the smoke test leaves a service out': edit(
      'stack/smoke/run.ts',
      'profile === undefined || running.includes(service)',
      "service !== 'redis' && (profile === undefined || running.includes(service))",
    ),
    'the set-up smoke-tests one service alone': edit(
      'stack/setup/data.ts',
      '{ withinMs: SMOKE_WITHIN_MS }',
      "{ only: ['postgres'], withinMs: SMOKE_WITHIN_MS }",
    ),
    'the smoke test writes nothing to the disk of the database': edit(
      'stack/smoke/database.ts',
      '  await client.query(WRITE)\n',
      '',
    ),
    'a failed smoke test is ignored': edit('stack/setup/data.ts', 'failed !== undefined', 'failed === null'),
  },
  'A1.0.8': {
    'the teardown always removes the data': edit('scripts/teardown.sh', 'data=()', 'data=(--volumes)'),
    'the teardown never removes the data': edit('scripts/teardown.sh', 'data=(--volumes)', 'data=()'),
    'what Prometheus writes is in a volume without a name, beside its own': edit(
      'docker/docker-compose.yml',
      'volumes: ["prometheus-data:/prometheus"]',
      'volumes: ["prometheus-data:/data", "/prometheus"]',
    ),
    'what runs of a profile stays': edit(
      'stack/compose/main.ts',
      "command === 'down' ? ['--profile', '*'] : []",
      '[]',
    ),
    'what runs of two profiles stays': edit(
      'stack/compose/main.ts',
      "const profiles = command === 'down' ? ['--profile', '*'] : []",
      `const ended = ['tools', 'observability', 'grafana'].flatMap((profile) => ['--profile', profile])
  const profiles = command === 'down' ? ended : []`,
    ),
    'the containers stay': edit('scripts/teardown.sh', 'down --remove-orphans', 'stop'),
  },
  'A1.0.2': {
    'the stack is started again each time': edit(
      'stack/setup/stack.ts',
      '![...described.hashes].every(isCurrent)',
      'described.hashes.size > 0',
    ),
    'a compose file that is newer than a long-running container starts the one-shots each time': edit(
      'stack/setup/stack.ts',
      'isOneShot && Date.parse(startedAt) < newest',
      'Date.parse(startedAt) < newest',
    ),
    'a compose file that is newer than the stack is not seen': edit(
      'stack/setup/stack.ts',
      'isOneShot && Date.parse(startedAt) < newest',
      'isOneShot && Date.parse(startedAt) < 0 * newest',
    ),
    'the smoke test writes its object each time': edit(
      'stack/smoke/store.ts',
      'await get().catch(async (error: Error) => {',
      "await Promise.reject(new Error()).catch(async (error: Error) => { error.name = 'NoSuchKey'",
    ),
    'a seed changes rows each time, and adds none': edit(
      'seeds/models.sql',
      'on conflict do nothing;',
      'on conflict do nothing;\nupdate ml.model set task = task;',
    ),
    'the smoke test leaves an upload each time': edit(
      'stack/smoke/store.ts',
      `  } finally {
    await client.send(new AbortMultipartUploadCommand({ ...object, UploadId }))
  }`,
      `  } catch (error) {
    await client.send(new AbortMultipartUploadCommand({ ...object, UploadId }))
    throw error
  }`,
    ),
    'the smoke test leaves a key each time': edit('stack/smoke/cache.ts', 'await client.del(key)', 'true'),
    'the set-up reports no change, whatever it did': edit(
      'stack/setup/stack.ts',
      'changed: started > 0, what',
      'changed: false, what',
    ),
    'as text the set-up says the opposite': edit(
      'stack/setup/report.ts',
      "changed ? 'The stack is up' : 'Nothing changed: the stack was up'",
      "changed ? 'Nothing changed: the stack was up' : 'The stack is up'",
    ),
    'two set-ups run side by side': edit(
      'scripts/setup-dev-environment.sh',
      'take_lock .hma/setup.lock ||',
      'true ||',
    ),
  },
})
