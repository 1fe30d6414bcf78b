import { edit, edits, faults } from '../harness/setup.ts'

export default faults({
  'A1.0.10': {
    'a paused container is left as it is': edit(
      'stack/setup/unusable.ts',
      '!(container.isHealthy ||',
      "!(container.isHealthy || container.status === 'paused' ||",
    ),
    'an unhealthy container is left as it is': edit(
      'stack/setup/unusable.ts',
      '!(container.isHealthy ||',
      "!(container.isHealthy || container.state === 'running (unhealthy)' ||",
    ),
    'a container that was made and never started counts as healthy, and as one with the present secrets':
      edits(
        {
          file: 'config/compose-containers.ts',
          find: "return Status === 'running' &&",
          replace: "return ['created', 'running'].includes(Status) &&",
        },
        {
          file: 'stack/setup/unusable.ts',
          find: 'files.some((file) => statSync(file)',
          replace: "files.some((file) => startedAt.startsWith('20') && statSync(file)",
        },
      ),
    'a container keeps a secret that was replaced': edit(
      'stack/setup/unusable.ts',
      'statSync(file).mtimeMs > Date.parse(startedAt)',
      'statSync(file).mtimeMs < 0 && startedAt === file',
    ),
    'what needs a lost database is left running': edit(
      'stack/setup/stack.ts',
      '  await stopDependents(compose, described.model, settings.project)\n',
      '',
    ),
    'a tool that was killed decides': edit(
      'stack/setup/stack.ts',
      'described.hashes.has(service)',
      "service !== ''",
    ),
    'a secret that data need is made anew': edit(
      'config/create-secrets.ts',
      'key === secret.madeInto',
      "key === '' && key === secret.madeInto",
    ),
    'a secret that data of the other variant need is made anew': edit(
      'config/data-volumes.ts',
      '[dev, `${dev}-test`].map(',
      '[dev, `${dev}-test`].filter((name) => name === project).map(',
    ),
    'a secret that data may need is made anew where no engine answers': edit(
      'config/data-volumes.ts',
      '() => undefined',
      '() => []',
    ),
    'the cipher of an archive is made anew where no engine answers': edit(
      'config/data-volumes.ts',
      'hasArchive || key !== ARCHIVE',
      'key !== ARCHIVE',
    ),
    'no secret at all is made where no engine answers': edit(
      'config/create-secrets.ts',
      '.filter(({ name }) => !uncertain.includes(name))',
      '.filter(() => uncertain.length === 0)',
    ),
    'what was made from a lost secret stays as it was': edit(
      'config/create-secrets.ts',
      'madeFrom(secret).some((name) => names.has(name))',
      'madeFrom(secret).some((name) => name === secret.name)',
    ),
    'a certificate outlives the authority that signed it': edit(
      'config/create-secrets.ts',
      '...(secret.issuer === undefined ? [] : [secret.issuer])',
      '...[]',
    ),
    'the cipher of an archive is made anew': edit(
      'config/data-volumes.ts',
      "hasArchive && key === 'minio-data'",
      "hasArchive && key === 'archive-data'",
    ),
    'the teardown that is named as the way out of a lost secret asks for that secret': edit(
      'stack/compose/arguments.ts',
      "...['attach', 'commit', 'cp', 'down', 'exec', 'export', 'kill', 'pause', 'rm', 'stop'],",
      "...['attach', 'commit', 'cp', 'exec', 'export', 'kill', 'pause', 'rm', 'stop'],",
    ),
    'the error names one way out': edit('config/create-secrets.ts', 'put it back, or remove', 'remove'),
  },
})
