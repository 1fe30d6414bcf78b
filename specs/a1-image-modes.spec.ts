import { describe, expect, test } from '../harness/index.ts'
import { buildFromClosedFiles, useAsStranger } from './vocabulary/image-modes.ts'

describe('A1.0 Images of a checkout whose files nobody else may read', { timeout: 180_000 }, () => {
  test('A1.0.1 the users of an image read its files and execute its programs, whatever the modes in the checkout', async ({
    project,
  }) => {
    await using image = await buildFromClosedFiles(project)

    const use = await useAsStranger(image)

    expect(use).toEqual({ exitCode: 0, lines: [project.composeName, 'executed'] })
  })
})
