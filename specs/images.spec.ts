import { describe, expect, test } from '../harness/index.ts'
import {
  enter,
  lastLine,
  originsIn,
  PASSWORD,
  query,
  redis,
  rewriteLock,
  runsAs,
} from './vocabulary/images.ts'

/** A cluster that nobody keeps need not reach the disk. */
const NO_SYNC = { POSTGRES_INITDB_ARGS: '--no-sync' }

describe('The database image', () => {
  test('reads its password from a file and asks every client for it', async ({ testContainer }) => {
    const environment = { ...NO_SYNC, POSTGRES_PASSWORD_FILE: '/run/password', POSTGRES_DB: 'app' }
    const postgres = await testContainer('postgres', {
      environment,
      files: { '/run/password': `${PASSWORD}\n` },
    })
    await postgres.until(query('select 1', { database: 'app' }))

    const stranger = await postgres.exec(query('select 1', { database: 'app', password: 'wrong' }))

    expect(stranger.exitCode).toBe(2)
  })

  test('runs its init folder in order on first boot, and never again', async ({ testContainer }) => {
    const postgres = await testContainer('postgres', {
      environment: { ...NO_SYNC, POSTGRES_PASSWORD: PASSWORD, POSTGRES_DB: 'app' },
      files: {
        '/docker-entrypoint-initdb.d/1.sql': 'create table boots (at timestamptz default now())',
        '/docker-entrypoint-initdb.d/2.sql': 'insert into boots default values',
      },
    })
    await postgres.until(query('select from boots', { database: 'app' }))
    await postgres.stop()
    await postgres.start()

    const boots = await postgres.until(query('select count(*) from boots', { database: 'app' }))

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
    await postgres.until(query('select 1'))
    const user = await runsAs(postgres)
    const client = postgres.exec(query('select pg_sleep(60)'))

    const exitCode = await postgres.stop()

    expect([user, exitCode]).toEqual(['999', 0])
    await client
  })
})

describe('The cache image', () => {
  test('takes options alone as those of the server', async ({ testContainer }) => {
    const cache = await testContainer('redis', { command: ['--maxmemory', '1048576'] })
    await cache.until(redis('ping'))

    const limit = await cache.exec(redis('config', 'get', 'maxmemory'))

    expect(lastLine(limit)).toBe('1048576')
  })

  test('runs as user 999 and lets other hosts in', async ({ testContainer }) => {
    const cache = await testContainer('redis')
    await cache.until(redis('ping'))

    const protection = await cache.exec(redis('config', 'get', 'protected-mode'))

    expect([await runsAs(cache), lastLine(protection)]).toEqual(['999', 'no'])
  })

  test('keeps what it was given through a stop', async ({ testContainer }) => {
    const cache = await testContainer('redis', { command: ['redis-server', '--appendonly', 'yes'] })
    await cache.until(redis('set', 'greeting', 'hello'))
    const exitCode = await cache.stop()
    await cache.start()

    const greeting = await cache.until(redis('get', 'greeting'))

    expect([exitCode, lastLine(greeting)]).toEqual([0, 'hello'])
  })
})

describe('The object store image', () => {
  const command = ['server', '/data']

  test('takes its root user from mounted secrets and asks every client for it', async ({ testContainer }) => {
    const files = { '/run/secrets/access_key': 'root', '/run/secrets/secret_key': PASSWORD }
    const store = await testContainer('minio', { command, files })
    await store.until(enter(PASSWORD))

    const stranger = await store.exec(enter('wrong-secret'))

    expect(stranger.exitCode).toBe(1)
  })

  test('tells its health to its own client and to curl, and ends cleanly', async ({ testContainer }) => {
    const environment = { MINIO_ROOT_USER: 'root', MINIO_ROOT_PASSWORD: PASSWORD }
    const store = await testContainer('minio', { command, environment })
    await store.until(['mc', 'ready', 'local'])

    const health = await store.exec(['curl', '--fail', 'http://127.0.0.1:9000/minio/health/ready'])

    expect(health.exitCode).toBe(0)
    expect(await store.stop()).toBe(0)
  })
})

describe('The Node image', () => {
  test('takes what is no command as an argument of node', async ({ testContainer }) => {
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
  const look = `process.exit(require('node:fs').existsSync('/host') ? 1 : 0)`

  test('keeps nothing that the building machine lent it', async ({ testContainer }) => {
    const store = await testContainer('minio', { command: ['server', '/data'] })
    const stub = await testContainer('ml-stub', { command: ['--eval', look] })

    const lent = await store.exec(['test', '-e', '/host'])

    expect([lent.exitCode, await stub.ended()]).toEqual([1, 0])
  })
})

describe('scripts/images.sh', () => {
  test('tells of every image what it is', async ({ project }) => {
    const status = await project.run('scripts/images.sh', ['status', '--json'])

    expect(status.exitCode).toBe(0)
    expect(originsIn(status)).toMatchObject({
      postgres: expect.stringMatching(/^locked$|^stand-in$/),
      'hma-postgres': expect.stringMatching(/^built on (?:locked|stand-in)$/),
    })
  })

  test('refuses a name, an option and a choice that it does not know', async ({ project }) => {
    const name = await project.run('scripts/images.sh', ['ensure', 'oracle'])
    const option = await project.run('scripts/images.sh', ['ensure', '--quietly'])
    const choice = await project.run('scripts/images.sh', ['status'], { environment: { HMA_IMAGES: 'new' } })

    expect([name.exitCode, option.exitCode, choice.exitCode]).toEqual([2, 2, 2])
  })

  test('ends with 3 where only locked images will do and no registry answers', async ({ project }) => {
    await rewriteLock(project, (lock) => lock.replaceAll('docker.io/', '127.0.0.1:1/'))

    const pull = await project.run('scripts/images.sh', ['ensure', 'redis'], {
      environment: { HMA_IMAGES: 'locked' },
    })

    expect(pull.exitCode).toBe(3)
  })

  test('names the line of a lock file that is malformed', async ({ project }) => {
    await rewriteLock(project, () => 'redis docker.io/library/redis:8 docker/stand-ins/redis\n')

    const status = await project.run('scripts/images.sh', ['status'])

    expect(status.exitCode).toBe(2)
    expect(status.stderr).toContain('docker/images.lock:1:')
  })
})
