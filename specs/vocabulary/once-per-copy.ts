// What the tests that share a copy of the project do once.
import type { Project } from '../../harness/index.ts'

/** Does it once for each copy of the project and each list of words. A failure is kept, too: one cause is reported to every test. */
export function oncePerCopy<Words extends (string | number | string[] | undefined)[], Result>(
  work: (project: Project, ...words: Words) => Promise<Result>,
): (project: Project, ...words: Words) => Promise<Result> {
  const kept = new Map<string, Promise<Result>>()
  return (project, ...words) => {
    const key = [project.root, ...words.flat()].join(' ')
    const result = kept.get(key) ?? work(project, ...words)
    kept.set(key, result)
    return result
  }
}
