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
    'a store that does not list its keys has no old ones': edit(
      'docker/bucket.sh',
      "users=$(mc --json admin user ls root) || die 1 'the keys of the store cannot be listed.' 'read the log of minio.'",
      "users=$(mc --json admin user ls root) || users=''",
    ),
    'nobody reads whether versions are kept after all': edit(
      'docker/bucket.sh',
      "grep -q 'versioning is enabled'",
      'cat',
    ),
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
