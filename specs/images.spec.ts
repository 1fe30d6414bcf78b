import { describe, expect, test } from '../harness/index.ts'
import {
  editLock,
  lastLine,
  originsIn,
  PASSWORD,
  psql,
  redisCli,
  storeLogin,
  userOf,
} from './vocabulary/images.ts'

/** A cluster of a test need not reach the disk. */
const NO_SYNC = { POSTGRES_INITDB_ARGS: '--no-sync' }

describe('The database image', () => {
  test('reads its password from a file and requires it of every client', async ({ testContainer }) => {
    const environment = { ...NO_SYNC, POSTGRES_PASSWORD_FILE: '/run/password', POSTGRES_DB: 'app' }
    const postgres = await testContainer('postgres', {
      environment,
      files: { '/run/password': `${PASSWORD}\n` },
    })
    await postgres.until(psql('select 1', { database: 'app' }))

    const wrongPassword = await postgres.exec(psql('select 1', { database: 'app', password: 'wrong' }))

    expect(wrongPassword.exitCode).toBe(2)
  })

  test('runs its init folder in order at the first start, and never again', async ({ testContainer }) => {
    const postgres = await testContainer('postgres', {
      environment: { ...NO_SYNC, POSTGRES_PASSWORD: PASSWORD, POSTGRES_DB: 'app' },
      files: {
        '/docker-entrypoint-initdb.d/1.sql': 'create table boots (at timestamptz default now())',
        '/docker-entrypoint-initdb.d/2.sql': 'insert into boots default values',
      },
    })
    await postgres.until(psql('select from boots', { database: 'app' }))
    await postgres.stop()
    await postgres.start()

    const boots = await postgres.until(psql('select count(*) from boots', { database: 'app' }))

    expect(lastLine(boots)).toBe('1')
  })

  test('refuses to start without a password', async ({ testContainer }) => {
    const postgres = await testContainer('postgres')

    expect(await postgres.ended()).toBe(1)
  })

  test('runs as user 999 and ends cleanly while a client is connected', async ({ testContainer }) => {
    const postgres = await testContainer('postgres', {
      environment: { ...NO_SYNC, POSTGRES_PASSWORD: PASSWORD },
    })
    await postgres.until(psql('select 1'))
    const user = await userOf(postgres)
    const client = postgres.exec(psql('select pg_sleep(60)'))

    const exitCode = await postgres.stop()

    expect([user, exitCode]).toEqual(['999', 0])
    await client
  })
})

describe('The cache image', () => {
  test('passes options to the server', async ({ testContainer }) => {
    const cache = await testContainer('redis', { command: ['--maxmemory', '1048576'] })
    await cache.until(redisCli('ping'))

    const limit = await cache.exec(redisCli('config', 'get', 'maxmemory'))

    expect(lastLine(limit)).toBe('1048576')
  })

  test('runs as user 999 and accepts other hosts', async ({ testContainer }) => {
    const cache = await testContainer('redis')
    await cache.until(redisCli('ping'))

    const protection = await cache.exec(redisCli('config', 'get', 'protected-mode'))

    expect([await userOf(cache), lastLine(protection)]).toEqual(['999', 'no'])
  })

  test('keeps its data through a stop', async ({ testContainer }) => {
    const cache = await testContainer('redis', { command: ['redis-server', '--appendonly', 'yes'] })
    await cache.until(redisCli('set', 'greeting', 'hello'))
    const exitCode = await cache.stop()
    await cache.start()

    const greeting = await cache.until(redisCli('get', 'greeting'))

    expect([exitCode, lastLine(greeting)]).toEqual([0, 'hello'])
  })
})

describe('The object store image', () => {
  const command = ['server', '/data']

  test('takes its root user from mounted secrets and requires it of every client', async ({
    testContainer,
  }) => {
    const files = { '/run/secrets/access_key': 'root', '/run/secrets/secret_key': PASSWORD }
    const store = await testContainer('minio', { command, files })
    await store.until(storeLogin(PASSWORD))

    const wrongPassword = await store.exec(storeLogin('wrong-secret'))

    expect(wrongPassword.exitCode).toBe(1)
  })

  test('reports its health to its own client and to curl, and ends cleanly', async ({ testContainer }) => {
    const environment = { MINIO_ROOT_USER: 'root', MINIO_ROOT_PASSWORD: PASSWORD }
    const store = await testContainer('minio', { command, environment })
    await store.until(['mc', 'ready', 'local'])

    const health = await store.exec(['curl', '--fail', 'http://127.0.0.1:9000/minio/health/ready'])

    expect(health.exitCode).toBe(0)
    expect(await store.stop()).toBe(0)
  })
})

describe('The Node image', () => {
  test('passes anything that is not a command to node', async ({ testContainer }) => {
    const node = await testContainer('node', { command: ['--eval', 'process.exit(7)'] })

    expect(await node.ended()).toBe(7)
  })

  test('has Node 26, npm, and a user 1000 to run as', async ({ testContainer }) => {
    const node = await testContainer('node', { command: ['sleep', '60'] })

    const version = await node.exec(['node', '--version'])
    const npm = await node.exec(['npm', '--version'])
    const user = await node.exec(['id', '--user', 'node'])

    expect(version.stdout).toMatch(/^v26\./)
    expect(npm.exitCode).toBe(0)
    expect(lastLine(user)).toBe('1000')
  })
})

describe('An image that is built here', () => {
  const hostFolderExists = `process.exit(require('node:fs').existsSync('/host') ? 1 : 0)`

  test('contains no files of the building machine', async ({ testContainer }) => {
    const store = await testContainer('minio', { command: ['server', '/data'] })
    const stub = await testContainer('ml-stub', { command: ['--eval', hostFolderExists] })

    const inStore = await store.exec(['test', '-e', '/host'])

    expect([inStore.exitCode, await stub.ended()]).toEqual([1, 0])
  })
})

describe('scripts/images.sh', () => {
  test('prints the origin of every image', async ({ project }) => {
    const status = await project.run('scripts/images.sh', ['status', '--json'])

    expect(status.exitCode).toBe(0)
    expect(originsIn(status)).toMatchObject({
      postgres: expect.stringMatching(/^locked$|^stand-in$/),
      'hma-postgres': expect.stringMatching(/^built on (?:locked|stand-in)$/),
    })
  })

  test('refuses an unknown name, option and mode', async ({ project }) => {
    const name = await project.run('scripts/images.sh', ['ensure', 'oracle'])
    const option = await project.run('scripts/images.sh', ['ensure', '--quietly'])
    const mode = await project.run('scripts/images.sh', ['status'], { environment: { HMA_IMAGES: 'new' } })

    expect([name.exitCode, option.exitCode, mode.exitCode]).toEqual([2, 2, 2])
  })

  test('ends with 3 where only locked images are allowed and no registry can be reached', async ({
    project,
  }) => {
    await editLock(project, (lock) => lock.replaceAll('docker.io/', '127.0.0.1:1/'))

    const pull = await project.run('scripts/images.sh', ['ensure', 'redis'], {
      environment: { HMA_IMAGES: 'locked' },
    })

    expect(pull.exitCode).toBe(3)
  })

  test('names the line of a lock file that is malformed', async ({ project }) => {
    await editLock(project, () => 'redis docker.io/library/redis:8 docker/stand-ins/redis\n')

    const status = await project.run('scripts/images.sh', ['status'])

    expect(status.exitCode).toBe(2)
    expect(status.stderr).toContain('docker/images.lock:1:')
  })
})
