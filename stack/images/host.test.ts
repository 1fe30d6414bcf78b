import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { proxyArguments, writeHostFiles } from './host.ts'

/** What a build stage is given on a machine with this environment. */
async function describe(environment: Record<string, string>): Promise<{ folder: string; text: string }> {
  const context = await mkdtemp(join(tmpdir(), 'hma-host-'))
  await writeFile(join(context, 'own.pem'), 'the certificate of a company\n')
  const { PATH, HOME } = process.env
  await writeHostFiles(context, { PATH, HOME, NODE_EXTRA_CA_CERTS: join(context, 'own.pem'), ...environment })
  const folder = join(context, 'host')
  return { folder, text: await readFile(join(folder, 'environment'), 'utf8') }
}

test('the certificates of the system and of the user are passed', async () => {
  const { folder } = await describe({})

  const bundle = await readFile(join(folder, 'ca-certificates.crt'), 'utf8')

  expect(bundle).toContain('BEGIN CERTIFICATE')
  expect(bundle).toContain('the certificate of a company')
})

test('user name and password of an address are left out', async () => {
  const { text } = await describe({
    npm_config_registry: 'https://me:secret@npm.example/',
    GOPROXY: 'https://me:secret@go.example,direct',
  })

  expect(text).toContain("GOPROXY='https://go.example,direct'")
  expect(text).not.toContain('secret')
})

test('the registry of npm is the configured one', async () => {
  const { text } = await describe({ npm_config_registry: 'https://npm.example/' })

  expect(text).toContain("npm_config_registry='https://npm.example/'")
})

test('a shell reads a value with special characters unchanged', async () => {
  const { folder } = await describe({ GOPRIVATE: `it's $(false) "so"` })

  const { stdout } = await execa('sh', ['-c', '. ./environment && printf %s "$GOPRIVATE"'], { cwd: folder })

  expect(stdout).toBe(`it's $(false) "so"`)
})

test('proxies are build arguments without values', () => {
  const words = proxyArguments({ https_proxy: 'http://me:secret@proxy:3128', no_proxy: '' })

  expect(words).toEqual(['--build-arg', 'https_proxy'])
})
