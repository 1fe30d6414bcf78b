// Stores of the running stack that answer every read and refuse what the application writes.
import { expect, type Project } from '../../harness/index.ts'
import { askRedis } from './clients.ts'
import { smokeAll } from './smoke.ts'
import { run } from './stack.ts'

/** More than Redis may use: it evicts nothing, and refuses writes from then on. */
const TOO_MUCH = 165_000_000
const FULL = 'full'

const AS_ROOT = `export MC_CONFIG_DIR=/tmp/mc-of-spec
  mc alias set s http://127.0.0.1:9000 "$(cat /run/secrets/minio-root-user)" "$(cat /run/secrets/minio-root-password)"`

/** Services of which the smoke test says that they fail while the memory of Redis is full. */
export async function failedWithFullCache(project: Project): Promise<string[]> {
  await askRedis(project, ['setrange', FULL, `${TOO_MUCH}`, 'x'])
  try {
    return (await smokeAll(project)).failed
  } finally {
    await askRedis(project, ['del', FULL])
  }
}

/** What the smoke test reads of a bucket. MinIO's own policy `readonly` does not allow its versioning. */
const READ = { Effect: 'Allow', Action: ['s3:Get*', 's3:List*'], Resource: ['arn:aws:s3:::*'] }
const POLICY = JSON.stringify({ Version: '2012-10-17', Statement: [READ] })

/** The same while the key of the application may read its bucket, and nothing else. */
export async function failedWithReadOnlyKey(project: Project, keyId: string): Promise<string[]> {
  const create = `printf %s '${POLICY}' > /tmp/reads.json && mc admin policy create s reads /tmp/reads.json`
  await administer(project, create)
  await exchangePolicy(project, keyId, 'application', 'reads')
  try {
    return (await smokeAll(project)).failed
  } finally {
    await exchangePolicy(project, keyId, 'reads', 'application')
  }
}

function exchangePolicy(project: Project, keyId: string, from: string, to: string): Promise<void> {
  const change = (act: string, policy: string) => `mc admin policy ${act} s ${policy} --user ${keyId}`
  return administer(project, `${change('attach', to)} && ${change('detach', from)}`)
}

async function administer(project: Project, commands: string): Promise<void> {
  const script = `${AS_ROOT}\n${commands}`
  const { exitCode, stderr } = await run(project, ['exec', '-T', 'minio', 'sh', '-c', script])
  expect(exitCode, stderr).toBe(0)
}
