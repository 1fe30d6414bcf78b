import { describe, expect, test } from '../harness/index.ts'
import {
  addressOf,
  browserRequest,
  LOGIN_PAGE,
  lastLine,
  PASSWORD,
  redisCli,
  userOf,
} from './vocabulary/images.ts'

describe('The image of Adminer', () => {
  test('shows its login with the given server, and has the driver of PostgreSQL', async ({
    testContainer,
  }) => {
    const browser = await testContainer('adminer', {
      environment: { ADMINER_DEFAULT_SERVER: 'the-database' },
    })
    const page = await browser.until(LOGIN_PAGE)

    const modules = await browser.exec(['php', '-m'])

    expect(page.stdout).toMatch(/name=.auth\[server\].*value=.the-database/)
    expect(modules.stdout).toContain('pdo_pgsql')
  })

  test('does not run as root and ends cleanly', async ({ testContainer }) => {
    const browser = await testContainer('adminer')
    await browser.until(LOGIN_PAGE)

    const user = await browser.exec(['id', '-u'])
    const exitCode = await browser.stop()

    expect(lastLine(user)).not.toBe('0')
    expect(exitCode).toBe(0)
  })
})

describe('The image of Redis Commander', () => {
  test('reads with a password from a file that no process list shows, and refuses writes', async ({
    testContainer,
  }) => {
    const cache = await testContainer('redis', { command: ['--requirepass', PASSWORD] })
    await cache.until(redisCli('-a', PASSWORD, 'set', 'greeting', 'hello'))
    const host = await addressOf(cache)
    const browser = await testContainer('redis-commander', {
      environment: { REDIS_HOST: host, REDIS_PASSWORD_FILE: '/run/password' },
      files: { '/run/password': `${PASSWORD}\n` },
    })

    const read = await browser.until(browserRequest(`/apiv2/key/R:${host}:6379:0/greeting`))
    const write = await browser.exec(browserRequest(`/apiv2/key/R:${host}:6379:0/greeting`, 'POST'))
    const shown = await browser.exec(['sh', '-c', 'cat /proc/1/cmdline /proc/1/environ | tr "\\0" " "'])

    expect([read.stdout, write.stdout]).toEqual([
      expect.stringMatching(/^200 .*"hello"/),
      expect.stringMatching(/^403 /),
    ])
    expect(shown.stdout).not.toContain(PASSWORD)
  })

  test('runs as user 1000, reports its health and ends cleanly', async ({ testContainer }) => {
    const browser = await testContainer('redis-commander', {
      environment: { REDIS_HOSTS: 'local:127.0.0.1:6379:1' },
    })

    const health = await browser.until(['node', 'node_modules/redis-commander/bin/healthcheck.js'])

    expect(health.exitCode).toBe(0)
    expect([await userOf(browser), await browser.stop()]).toEqual(['1000', 0])
  })

  test('refuses to start without a server, and with two passwords', async ({ testContainer }) => {
    const nowhere = await testContainer('redis-commander')
    const twice = await testContainer('redis-commander', {
      environment: { REDIS_HOST: 'cache', REDIS_PASSWORD: 'one', REDIS_PASSWORD_FILE: '/run/password' },
    })

    expect([await nowhere.ended(), await twice.ended()]).toEqual([2, 2])
  })
})
