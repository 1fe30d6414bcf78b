// The verbs specs use for the one-shot that makes the bucket.
import type { Outcome, Project } from '../../harness/index.ts'
import { secretsWith } from './secrets.ts'
import { run } from './stack.ts'

const made = new Map<string, Promise<Outcome>>()

/** Runs it, with the object store that it waits for. Done once per copy of the project. */
export function bucketMade(project: Project): Promise<Outcome> {
  const outcome = made.get(project.composeName) ?? makeBucket(project)
  made.set(project.composeName, outcome)
  return outcome
}

/** Runs it again, each time. */
export function makeBucket(project: Project, environment: Record<string, string> = {}): Promise<Outcome> {
  const variables = { HMA_PROJECT: project.composeName, ...environment }
  return run(project, ['run', '--rm', '-T', 'bucket'], variables)
}

/** Runs it with another name than .env may hold, on the store that is there. */
export function makeBucketCalled(project: Project, name: string): Promise<Outcome> {
  const words = ['run', '--rm', '-T', '--no-deps', '-e', `HMA_BUCKET=${name}`, 'bucket']
  return run(project, words, { HMA_PROJECT: project.composeName })
}

/** Runs it with another content of one secret, on the store that was started with the old one. */
export async function makeBucketWith(project: Project, secret: string, content: string): Promise<Outcome> {
  const HMA_SECRETS = await secretsWith(project, 'test', secret, { content })
  return run(project, ['run', '--rm', '-T', '--no-deps', 'bucket'], { HMA_SECRETS })
}

/** Starts everything that stands on the bucket, with another content of one secret. */
export async function startWith(project: Project, secret: string, content: string): Promise<Outcome> {
  const HMA_SECRETS = await secretsWith(project, 'test', secret, { content })
  const words = ['up', '--wait', '--wait-timeout', '50', 'ml']
  return run(project, words, { HMA_SECRETS, HMA_PROJECT: project.composeName })
}
