import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, onTestFinished, test } from 'vitest'
import { proxyArguments, writeHostFiles } from './host.ts'

/** What a build stage is told of a machine with this environment. */
async function describe(environment: Record<string, string>): Promise<{ folder: string; text: string }> {
  const context = await mkdtemp(join(tmpdir(), 'hma-host-'))
  onTestFinished(() => rm(context, { recursive: true }))
  await writeFile(join(context, 'own.pem'), 'the certificate of a company\n')
  const { PATH, HOME } = process.env
  await writeHostFiles(context, { PATH, HOME, NODE_EXTRA_CA_CERTS: join(context, 'own.pem'), ...environment })
  const folder = join(context, 'host')
  return { folder, text: await readFile(join(folder, 'environment'), 'utf8') }
}

test('the certificates are those of the system and those of the user', async () => {
  const { folder } = await describe({})

  const bundle = await readFile(join(folder, 'ca-certificates.crt'), 'utf8')

  expect(bundle).toContain('BEGIN CERTIFICATE')
  expect(bundle).toContain('the certificate of a company')
})

test('an address keeps neither its name nor its password', async () => {
  const { text } = await describe({
    npm_config_registry: 'https://me:secret@npm.example/',
    GOPROXY: 'https://me:secret@go.example,direct',
  })

  expect(text).toContain("GOPROXY='https://go.example,direct'")
  expect(text).not.toContain('secret')
})

test('the registry is the one that npm is configured with', async () => {
  const { text } = await describe({ npm_config_registry: 'https://npm.example/' })

  expect(text).toContain("npm_config_registry='https://npm.example/'")
})

test('a shell reads it back as it was, whatever is in it', async () => {
  const { folder } = await describe({ GOPRIVATE: `it's $(false) "so"` })

  const { stdout } = await execa('sh', ['-c', '. ./environment && printf %s "$GOPRIVATE"'], { cwd: folder })

  expect(stdout).toBe(`it's $(false) "so"`)
})

test('proxies are named, and not spelled out where a process list shows them', () => {
  const words = proxyArguments({ https_proxy: 'http://me:secret@proxy:3128', no_proxy: '' })

  expect(words).toEqual(['--build-arg', 'https_proxy'])
})
