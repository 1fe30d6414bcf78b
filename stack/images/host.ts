// Passes settings of this machine to a build: certificates, package registries and proxies, where a company has its own.
// Certificates and addresses are written to the folder host/ of the build's context, which only early stages copy. Proxies are
// predefined build arguments, which no builder stores in the image. Passwords of registries are not passed.
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { readPlainFile } from '../../config/text-file.ts'

const SYSTEM_BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/cert.pem',
]
const GO_VARIABLES = ['GOPROXY', 'GOSUMDB', 'GONOSUMDB', 'GOPRIVATE', 'GONOPROXY']
const PROXY_VARIABLES = ['http_proxy', 'https_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY']

/** Writes host/ca-certificates.crt and host/environment, for a build stage to source, into a build context. */
export async function writeHostFiles(context: string, environment = process.env): Promise<void> {
  const folder = join(context, 'host')
  await mkdir(folder)
  await writeFile(join(folder, 'ca-certificates.crt'), readCertificates(environment))
  await writeFile(join(folder, 'environment'), shellExports(await hostVariables(environment)))
}

/** Build arguments without values: docker takes those from the environment, so that no process list shows them. */
export function proxyArguments(environment: NodeJS.ProcessEnv): string[] {
  return PROXY_VARIABLES.filter((name) => environment[name]).flatMap((name) => ['--build-arg', name])
}

/** The machine's certificates, and those that its user added for Node and other programs. */
function readCertificates(environment: NodeJS.ProcessEnv): string {
  const system = SYSTEM_BUNDLES.find((path) => existsSync(path))
  const files = [system, environment.SSL_CERT_FILE, environment.NODE_EXTRA_CA_CERTS]
  const texts = files.flatMap((file) => (file ? [readPlainFile(file, CORRECT)?.toString()] : []))
  return [...new Set(texts.filter((text) => text !== undefined))].join('\n')
}

const CORRECT = 'let SSL_CERT_FILE and NODE_EXTRA_CA_CERTS name files of certificates, or unset them.'

async function hostVariables(environment: NodeJS.ProcessEnv): Promise<Record<string, string>> {
  const certificates = '/host/ca-certificates.crt'
  const go = GO_VARIABLES.map((name) => [name, environment[name]] as const).filter(([, value]) => value)
  return {
    SSL_CERT_FILE: certificates,
    NODE_EXTRA_CA_CERTS: certificates,
    npm_config_cafile: certificates,
    npm_config_registry: await npmRegistry(environment),
    ...Object.fromEntries(go),
  }
}

/** As npm is configured in any of its files; empty where the address contains a password, which npm does not print. */
async function npmRegistry(environment: NodeJS.ProcessEnv): Promise<string> {
  const options = { env: environment, timeout: 20_000, reject: false } as const
  const { stdout } = await execa('npm', ['config', 'get', 'registry'], options)
  return String(stdout ?? '')
}

/** For a shell to source. User names and passwords inside of addresses are left out. */
function shellExports(variables: Record<string, string>): string {
  return Object.entries(variables)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => [name, value.replaceAll(/\/\/[^/@,|]*@/g, '//').replaceAll("'", `'\\''`)])
    .map(([name, value]) => `export ${name}='${value}'\n`)
    .join('')
}
