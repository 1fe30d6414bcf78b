import { edit, faults } from '../harness/setup.ts'

export default faults({
  'A1.3.1': {
    'the proxy of the engine is asked for the store': edit(
      'docker/docker-compose.yml',
      '      NO_PROXY: "*"\n      no_proxy: "*"\n',
      '',
    ),
    'the mode of a mounted file comes from the umask': edit(
      'stack/compose/prepare.ts',
      '  makeReadable(model)\n',
      '',
    ),
  },
  'A1.3.2': {
    'what the store says is lost': edit('docker/bucket.sh', '${words:-exit code $status.}', 'no.'),
  },
  'A1.3.3': {
    'the key of the application may administrate': edit(
      'docker/bucket.sh',
      '{"Effect": "Deny", "Resource": "arn:aws:s3:::$1/*"',
      '{"Effect": "Allow", "Action": ["admin:*"]}, {"Effect": "Deny", "Resource": "arn:aws:s3:::$1/*"',
    ),
  },
})
