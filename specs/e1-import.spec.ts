import { describe, expect, test } from '../harness/index.ts'
import { apartFrom, prepare, render, wholeModels } from './vocabulary/compose.ts'
import { dashboardOf, dataSourcesOf, linesNamed } from './vocabulary/dashboard.ts'
import {
  addressesIn,
  ensureWithoutRegistry,
  filesNamed,
  generatedAnew,
  mistakesIn,
  numbersOf,
  provisioning,
  rowsIn,
  sectionOf,
  stepNumbers,
} from './vocabulary/grafana-import.ts'

/** What an on-call person asks for, as panel and line. */
const SUBJECTS = [
  ...['Up: {{job}}', 'Up: database', 'Up: cache', 'Connections: used', 'Connections: allowed'],
  ...['Transactions: committed', 'Transactions: rolled back', 'Database cache hit: since the last reset'],
  ...['Locks: sessions that wait', 'Locks: locks held', 'Longest transaction: oldest'],
  ...['Checkpoints: timed', 'Checkpoints: requested', 'Top statements: {{queryid}}'],
  ...['Cache memory: used', 'Cache memory: limit', 'Cache hit rate: since the start'],
  ...['Evicted and expired keys: evicted', 'Object store: bucket {{bucket}}'],
  ...['Audit log: months prepared: months after this one', 'Age of the newest backup: age'],
  ...['Since a restore was verified: age', 'Recovery time: to restore (RTO)'],
]

describe('E1.2 The import of the dashboard', () => {
  test('E1.2.2 the steps name files, addresses, an id and a variable that exist', async ({
    sharedProject,
  }) => {
    await prepare(sharedProject)
    const { model } = await render(sharedProject, 'dev', ['observability', 'grafana'])
    const dashboard = dashboardOf(sharedProject)

    const steps = sectionOf(sharedProject, 'Grafana')

    const published = ['prometheus', 'grafana'].map((name) => model.services[name]?.ports?.[0]?.published)
    expect(stepNumbers(steps)).toEqual([1, 2, 3, 4])
    expect(filesNamed(sharedProject, steps)).toEqual({ missing: [], count: 4 })
    expect(addressesIn(steps)).toEqual([`${published[0]}/`, `${published[1]}/d/${dashboard.uid}`].sort())
    expect(steps).toContain(`UID \`${dashboard.uid}\``)
    expect(steps).toContain(`\`${dashboard.templating.list?.[0]?.label}\``)
    expect(Object.keys(model.services)).toContain('grafana')
  })

  test('E1.2.2 the dashboard has the form that Grafana imports, and depends on no data source of ours', ({
    sharedProject,
  }) => {
    expect(mistakesIn(dashboardOf(sharedProject))).toEqual([])
    expect(JSON.stringify(dashboardOf(sharedProject))).not.toContain(
      `"uid":"${dataSourcesOf(sharedProject)[0]?.uid}"`,
    )
  })

  test('E1.2.2 a panel of one number asks for that of now, and not for a range of which Grafana would show the last', ({
    sharedProject,
  }) => {
    const { all, ofRange } = numbersOf(dashboardOf(sharedProject))

    expect(all.length).toBeGreaterThan(1)
    expect(ofRange).toEqual([])
  })

  test('E1.2.2 the file is what its generator writes, and its panels are those that are explained', async ({
    project,
  }) => {
    expect(rowsIn(sectionOf(project, 'Panels'))).toEqual(
      dashboardOf(project).panels.map(({ title }) => title),
    )
    expect(await generatedAnew(project)).toEqual([])
  })

  test('E1.2.2 the dashboard has a line for everything that an on-call person asks for', ({
    sharedProject,
  }) => {
    const lines = linesNamed(dashboardOf(sharedProject))

    expect(SUBJECTS.filter((subject) => !lines.includes(subject))).toEqual([])
  })

  test('E1.2.2 the Grafana of the stack finds dashboard and data source, and reaches Prometheus', async ({
    sharedProject,
  }) => {
    const { model } = await render(sharedProject, 'dev', ['observability', 'grafana'])
    const { grafana, prometheus } = model.services
    const models = await wholeModels(sharedProject)

    const found = provisioning(sharedProject, grafana)

    expect(found).toEqual({
      dataSources: '/etc/grafana/provisioning/datasources',
      providers: '/etc/grafana/provisioning/dashboards',
      dashboards: [found.dashboards[1], found.dashboards[1]],
      types: ['prometheus', 'prometheus'],
    })
    expect(dataSourcesOf(sharedProject)).toEqual([
      expect.objectContaining({
        url: `http://prometheus:${prometheus?.ports?.[0]?.target}`,
        isDefault: true,
      }),
    ])
    const apart = models.map(([variant, each]) => [variant, ...apartFrom(each, 'grafana', ['prometheus'])])
    expect(apart).toEqual([['dev'], ['test'], ['prod']])
  })

  test('E1.2.2 in every variant Grafana asks Prometheus without the proxy that the engine hands to it', async ({
    sharedProject,
  }) => {
    const models = await wholeModels(sharedProject)

    const told = models.map(([variant, { services }]) => [variant, services.grafana?.environment])

    const direct = expect.objectContaining({ NO_PROXY: '*', no_proxy: '*', http_proxy: '' })
    expect(told).toEqual(['dev', 'test', 'prod'].map((variant) => [variant, direct]))
  })

  test.for(['auto', 'locked', 'stand-ins'])(
    'E1.2.3 with the images %s and no registry, one line says that Grafana is not there and names what serves its panels',
    async (mode, { project }) => {
      const ensured = await ensureWithoutRegistry(project, 'grafana', mode)

      const names = String.raw`images\.sh: grafana .*setup-dev-environment\.sh --observability\b.*/user/`
      expect(ensured).toMatchObject({ exitCode: 3, stdout: '' })
      expect(ensured.lines).toEqual([expect.stringMatching(new RegExp(`^${names}`))])
      expect(ensured.lines[0]).not.toMatch(/HMA_IMAGES|--stand-ins/)
    },
  )
})
