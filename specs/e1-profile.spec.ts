import { describe, expect, test } from '../harness/index.ts'
import { apartFrom, render, type Service, VARIANTS, wholeModels } from './vocabulary/compose.ts'
import { askedByRules, figuresOfExporter, holdIdle } from './vocabulary/exporter-queries.ts'
import { createLeavesAsOwner, createObjectsInEachSchema } from './vocabulary/new-objects.ts'
import { PROFILE, servicesAsked } from './vocabulary/observed-stack.ts'
import { attemptOn, defaultPrivilegesIn, privilegesOf } from './vocabulary/privileges.ts'
import { membershipsOf, systemGrantsOf } from './vocabulary/rare-grants.ts'
import { brokenRunbooks, imagesNeeded, rulesIn, testedIn, testRules } from './vocabulary/rules.ts'

/** Of the schemas of our own: statistics, and how far the audit log is sealed and prepared. */
const STATISTICS = [
  /^usage schema (?:audit|statistics)$/,
  /^(?:select|execute|usage) (?:function |type |sequence )?statistics\./,
  /^select audit\.audit_seal\.(?:up_to_id|sealed_at)$/,
  /^select sequence audit\.audit_log_id$/,
]

/** All that the exporter is told of a database: the address could name another login. */
const EXPORTER = {
  DATA_SOURCE_URI: expect.not.stringMatching(/@|user=/),
  DATA_SOURCE_USER: 'hma_monitor',
  DATA_SOURCE_PASS_FILE: '/run/secrets/monitor-password',
  http_proxy: '',
}

/** From these Prometheus collects, where they run. */
const ASKED = [
  'alertmanager',
  'archive',
  'audit',
  'backup',
  'disk',
  'minio',
  'ml',
  'postgres-exporter',
  'redis-exporter',
]

describe('E1.1 The profile observability', () => {
  test('E1.1.1 in every variant Prometheus has a network in common with each service that it asks, and each exporter with its own', async ({
    sharedProject,
  }) => {
    const services = servicesAsked(sharedProject)

    const models = await wholeModels(sharedProject)

    const apart = models.map(([variant, model]) => [
      variant,
      ...apartFrom(model, 'prometheus', services),
      ...apartFrom(model, 'postgres-exporter', ['postgres']),
      ...apartFrom(model, 'redis-exporter', ['redis']),
    ])
    expect(services).toEqual(ASKED)
    expect(apart).toEqual(VARIANTS.map((variant) => [variant]))
  })

  test('E1.1.1 in every variant Prometheus keeps figures for fifteen days, and up to a gigabyte, and no proxy is between an exporter and its healthcheck', async ({
    sharedProject,
  }) => {
    const models = await wholeModels(sharedProject)

    const found = models.map(([variant, { services }]) => [
      ...[variant, services.prometheus?.command, services['postgres-exporter']?.environment],
    ])
    const kept = ['--storage.tsdb.retention.time=15d', '--storage.tsdb.retention.size=1GB']
    const direct = expect.objectContaining({ http_proxy: '' })
    expect(found).toEqual(VARIANTS.map((variant) => [variant, expect.arrayContaining(kept), direct]))
  })

  test('E1.1.2 without the opt-in, no variant has a service of it, and none of its images is needed', async ({
    sharedProject,
  }) => {
    const plain = await Promise.all(VARIANTS.map((variant) => render(sharedProject, variant)))
    const { model } = await render(sharedProject, 'dev', ['observability'])

    const [needed, opted] = [
      await imagesNeeded(sharedProject),
      await imagesNeeded(sharedProject, 'observability'),
    ]
    const servicesOf = ({ services }: typeof model) => Object.keys(services).sort()
    const others = servicesOf(model).filter((name) => !PROFILE.includes(name))
    expect(plain.map((each) => servicesOf(each.model))).toEqual([others, others, others])
    expect(servicesOf(model)).toEqual(expect.arrayContaining(PROFILE))
    expect(others).toContain('postgres')
    expect(needed.filter((name) => [...PROFILE, 'grafana'].includes(name))).toEqual([])
    const images = PROFILE.filter((service) => service !== 'disk') // it has the image of the other tools
    expect(opted.filter((name) => !needed.includes(name)).sort()).toEqual(images)
  })

  test('E1.1.3 every alert has a test that fires and one that is quiet, and a runbook that exists', async ({
    sharedProject,
  }) => {
    const alerts = rulesIn(sharedProject).map(({ alert }) => alert)

    expect(alerts.length).toBeGreaterThanOrEqual(15)
    expect(alerts).toEqual([...new Set(alerts)])
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

  test('E1.1.3 what the exporter asks about the database counts sessions that do nothing, a transaction that is only open, and months after this one, for every alert about it', async ({
    cluster,
    project,
  }) => {
    await using db = await cluster.database()
    await holdIdle(db, 5)

    const figures = await figuresOfExporter(project, db)

    expect(askedByRules(project).length).toBeGreaterThan(5)
    expect(askedByRules(project).filter((name) => !(name in figures))).toEqual([])
    expect(figures.hma_connections_used).toBeGreaterThan(5)
    expect(figures.hma_connections_longest_transaction_seconds).toBeGreaterThan(1)
    expect(figures.hma_audit_months_ahead).toBe(3)
  })

  test('E1.1.4 the exporter of every variant logs in as hma_monitor, and is given no other secret', async ({
    sharedProject,
  }) => {
    const rendered = await Promise.all(
      VARIANTS.map((variant) => render(sharedProject, variant, ['observability'])),
    )

    const exporters = rendered.map(({ model }) => model.services['postgres-exporter'])
    const secretsOf = (service: Service | undefined) =>
      ((service?.secrets ?? []) as { source: string }[]).map(({ source }) => source)
    expect(exporters.map((service) => [service?.environment, secretsOf(service)])).toEqual(
      VARIANTS.map(() => [EXPORTER, ['monitor-password']]),
    )
  })

  test('E1.1.4 the login of the exporter has no privilege beyond statistics', async ({ db }) => {
    const monitor = await db.as('hma_monitor')

    const held = await privilegesOf(db, 'hma_monitor')
    expect(held.filter((cell) => !STATISTICS.some((allowed) => allowed.test(cell)))).toEqual([])
    await expect(monitor.query('select id from auth.users')).toBeDenied()
    await expect(monitor.query('select id from audit.audit_log')).toBeDenied()
    await expect(monitor.query('select statistics.pg_stat_statements_reset()')).toBeDenied()
    await expect(monitor.value('select numbackends > 0 from pg_stat_database limit 1')).toBeAccepted()
  })

  test('E1.1.4 the login of the exporter has no privilege on what is created later, months of the audit log among it', async ({
    db,
  }) => {
    const leaves = await createLeavesAsOwner(db, 6)
    const objects = await createObjectsInEachSchema(db)

    expect(leaves).toHaveLength(7)
    expect(await attemptOn(db, 'hma_monitor', [...leaves, ...objects])).toEqual([])
    expect(await defaultPrivilegesIn(db)).toEqual([])
  })

  test('E1.1.4 the login of the exporter is a member of roles for statistics alone, and has no object of Postgres but theirs', async ({
    db,
  }) => {
    expect(await membershipsOf(db, 'hma_monitor')).toEqual([
      ...['pg_monitor', 'pg_read_all_settings', 'pg_read_all_stats', 'pg_stat_scan_tables'],
    ])
    expect(await systemGrantsOf(db, 'hma_monitor')).toEqual([])
  })
})
