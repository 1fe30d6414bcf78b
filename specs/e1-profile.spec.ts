import { describe, expect, test } from '../harness/index.ts'
import { render, VARIANTS } from './vocabulary/compose.ts'
import { privilegesBeyondTheMatrix } from './vocabulary/privileges.ts'
import { brokenRunbooks, imagesNeeded, rulesIn, testedIn, testRules } from './vocabulary/rules.ts'

const PROFILE = ['alertmanager', 'postgres-exporter', 'prometheus', 'redis-exporter']

describe('E1.1 The profile observability', () => {
  test('E1.1.2 without the opt-in, no variant has a service of it, and none of its images is needed', async ({
    sharedProject,
  }) => {
    const plain = await Promise.all(VARIANTS.map((variant) => render(sharedProject, variant)))
    const { model } = await render(sharedProject, 'dev', ['observability'])

    const services = plain.map((each) => Object.keys(each.model.services))
    expect(services.flat().filter((name) => [...PROFILE, 'grafana'].includes(name))).toEqual([])
    expect(Object.keys(model.services)).toEqual(expect.arrayContaining(PROFILE))
    expect((await imagesNeeded(sharedProject)).filter((name) => PROFILE.includes(name))).toEqual([])
    expect(await imagesNeeded(sharedProject, 'observability')).toEqual(expect.arrayContaining(PROFILE))
  })

  test('E1.1.3 every alert has a test that fires and one that is quiet, and a runbook that exists', async ({
    sharedProject,
  }) => {
    const alerts = rulesIn(sharedProject).map(({ alert }) => alert)

    expect(alerts.length).toBeGreaterThanOrEqual(15)
    expect(testedIn(sharedProject, 'firing')).toEqual(new Set(alerts))
    expect(testedIn(sharedProject, 'quiet')).toEqual(new Set(alerts))
    expect(brokenRunbooks(sharedProject)).toEqual([])
  })

  test('E1.1.3 the tests of the alerts pass in the image of Prometheus', { timeout: 300_000 }, async ({
    sharedProject,
  }) => {
    expect(await testRules(sharedProject)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('SUCCESS'),
    })
  })

  test('E1.1.4 the login of the exporter has no privilege beyond statistics', async ({ db }) => {
    const monitor = await db.as('hma_monitor')

    expect(await privilegesBeyondTheMatrix(db, 'hma_monitor')).toEqual([])
    await expect(monitor.query('select id from auth.users')).toBeDenied()
    await expect(monitor.query('select id from audit.audit_log')).toBeDenied()
    await expect(monitor.query('select statistics.pg_stat_statements_reset()')).toBeDenied()
    await expect(monitor.value('select numbackends > 0 from pg_stat_database limit 1')).toBeAccepted()
  })
})
