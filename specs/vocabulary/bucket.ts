// Runs the one-shot service that creates the bucket.
import type { Outcome, Project } from '../../harness/index.ts'
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

/** With another content of one secret, on the running store, which was started with the old one. */
export async function createBucketWithSecret(
  project: Project,
  secret: string,
  content: string,
): Promise<Outcome> {
  const HMA_SECRETS = await secretsWith(project, 'test', secret, { content })
  return run(project, ['run', '--rm', '-T', '--no-deps', 'bucket'], { HMA_SECRETS })
}

/** Starts the ML stub, which depends on the bucket, with another content of one secret. */
export async function startWithSecret(project: Project, secret: string, content: string): Promise<Outcome> {
  const HMA_SECRETS = await secretsWith(project, 'test', secret, { content })
  const args = ['up', '--wait', '--wait-timeout', '50', 'ml']
  return run(project, args, { HMA_SECRETS, HMA_PROJECT: project.composeName })
}
