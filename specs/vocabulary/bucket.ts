// Runs the one-shot service that creates the bucket.
import type { Outcome, Project } from '../../harness/index.ts'
import { secretOf } from './clients.ts'
import type { Model } from './compose.ts'
import { execIn } from './containers.ts'
import { secretsWith } from './secrets.ts'
import { run } from './stack.ts'

const created = new Map<string, Promise<Outcome>>()

/** With the object store that it waits for; once per compose project. */
export function bucketCreated(project: Project): Promise<Outcome> {
  const outcome = created.get(project.composeName) ?? createBucket(project)
  created.set(project.composeName, outcome)
  return outcome
}

export function createBucket(project: Project, environment: Record<string, string> = {}): Promise<Outcome> {
  const variables = { HMA_PROJECT: project.composeName, ...environment }
  return run(project, ['run', '--rm', '-T', 'bucket'], variables)
}

/** With another bucket name, on the running store; .env would refuse an illegal name. */
export function createBucketNamed(project: Project, name: string): Promise<Outcome> {
  const args = ['run', '--rm', '-T', '--no-deps', '-e', `HMA_BUCKET=${name}`, 'bucket']
  return run(project, args, { HMA_PROJECT: project.composeName })
}

/** With each of these names, one after the other in one container on the running store: what `bucket` says and its exit code. */
export async function createBucketsNamed(
  project: Project,
  names: readonly string[],
): Promise<{ exitCode: number; line: string }[]> {
  const script = 'for name; do HMA_BUCKET=$name sh /bucket.sh 2>&1 >/dev/null; echo "exit $?"; done'
  const args = ['run', '--rm', '-T', '--no-deps', '--entrypoint', '/bin/sh', 'bucket', '-c', script, 'sh']
  const { stdout } = await run(project, [...args, ...names], { HMA_PROJECT: project.composeName })
  return [...stdout.matchAll(/((?:.*\n)*?)exit (\d+)/g)].map(([, line = '', code]) => ({
    exitCode: Number(code),
    line: line.trim(),
  }))
}

interface Statement {
  Effect: string
  Action: string[]
  Resource: string[]
}

/** Whose key has which policy, and what the policy of the application allows, as the store itself says it. */
export async function accessOf(
  project: Project,
): Promise<{ users: Record<string, string>; policy: Statement[] }> {
  const ask = async (words: string) => {
    const answer = await asRootOfStore(project, `mc --json admin ${words}`)
    return answer
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line))
  }
  const users = await ask('user ls store')
  const [policy] = await ask('policy info store application')
  const statements: Statement[] = policy?.policyInfo?.Policy.Statement ?? []
  return {
    users: Object.fromEntries(users.map(({ accessKey, policyName }) => [accessKey, policyName])),
    // The store names actions in any order.
    policy: statements.map(({ Action, ...statement }) => ({ ...statement, Action: Action.toSorted() })),
  }
}

/** What a shell command prints in the container of the store, where its client is the root user at the name `store`. */
async function asRootOfStore(project: Project, command: string): Promise<string> {
  const key = `${await secretOf(project, 'minio-root-user')}:${await secretOf(project, 'minio-root-password')}`
  const login = `export MC_HOST_store='http://${key}@127.0.0.1:9000' MC_CONFIG_DIR=/tmp/.mc`
  return (await execIn(project, 'minio', ['sh', '-c', `${login}; ${command}`])).stdout
}

const RULE = {
  ...{ ID: 'of-somebody', Status: 'Enabled' },
  ...{ Filter: { Prefix: 'temporary/' }, Expiration: { Days: 7 } },
}

/** Gives a bucket what whoever looks after it may give it: a rule that ends objects, and a tag. Returns its settings. */
export async function lookAfter(project: Project, bucket: string): Promise<string[]> {
  const rules = JSON.stringify({ Rules: [RULE] })
  await asRootOfStore(project, `printf %s '${rules}' | mc ilm rule import store/${bucket}`)
  await asRootOfStore(project, `mc tag set store/${bucket} owner=somebody`)
  return settingsOf(project, bucket)
}

/** Its rules and its tags, as the store itself says them. */
export async function settingsOf(project: Project, bucket: string): Promise<string[]> {
  return [
    await asRootOfStore(project, `mc ilm rule export store/${bucket}`),
    await asRootOfStore(project, `mc --json tag list store/${bucket}`),
  ]
}

/** What the key of the application may do with a bucket, and no more. */
export function policyOf(bucket: string): Statement[] {
  const [itself, objects] = [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`]
  const statement = (Effect: string, resource: string, actions: string[]) => ({
    Effect,
    Resource: [resource],
    Action: actions.map((action) => `s3:${action}`).sort(),
  })
  const reads = ['GetBucketLocation', 'GetBucketVersioning']
  const lists = ['ListBucket', 'ListBucketVersions', 'ListBucketMultipartUploads']
  const writes = ['PutObject', 'DeleteObject', 'AbortMultipartUpload', 'ListMultipartUploadParts']
  return [
    statement('Allow', itself, [...reads, ...lists]),
    statement('Allow', objects, ['GetObject', 'GetObjectVersion', ...writes]),
    statement('Deny', objects, ['DeleteObjectVersion']),
  ]
}

const ARCHIVING = { HMA_ARCHIVE: 'on' }

/** A secret, what it must not be, the exit code of the refusal, and the variables of the run. */
export const WRONG_SECRETS: [
  secret: string,
  content: string,
  exitCode: number,
  variables?: Record<string, string>,
][] = [
  ['minio-root-password', 'another password', 1],
  ['minio-root-user', 'another-root', 1],
  ['backup-key-id', 'ab', 2],
  ['backup-key-secret', 'seven77', 2],
  ['bucket-key-secret', 'seven77', 2],
  ['bucket-key-id', 'ab', 2],
  ['bucket-key-id', '', 2],
  ['archive-key-id', 'ab', 2, ARCHIVING],
  ['archive-key-secret', 'seven77', 2, ARCHIVING],
]

/** Names of the secrets that a service is given. */
export function secretsOf({ services }: Model, service: string): string[] {
  const given = (services[service]?.secrets ?? []) as { source: string }[]
  return given.map(({ source }) => source).sort()
}

/** With another content of one secret, on the running store, which was started with the old one. */
export async function createBucketWithSecret(
  project: Project,
  secret: string,
  content: string,
  variables: Record<string, string> = {},
): Promise<Outcome> {
  const HMA_SECRETS = await secretsWith(project, 'test', secret, { content })
  return run(project, ['run', '--rm', '-T', '--no-deps', 'bucket'], { HMA_SECRETS, ...variables })
}

/** Starts the ML stub, which depends on the bucket, with another content of one secret. */
export async function startWithSecret(project: Project, secret: string, content: string): Promise<Outcome> {
  const HMA_SECRETS = await secretsWith(project, 'test', secret, { content })
  const args = ['up', '--wait', '--wait-timeout', '50', 'ml']
  return run(project, args, { HMA_SECRETS, HMA_PROJECT: project.composeName })
}
