// In the browser: asks the Prometheus that serves this page, and draws. PANELS, RUNBOOKS and uPlot stand before it.
const REFRESH_MS = 15_000
const ANSWER_MS = 10_000
const POINTS = 200
const HEIGHT = 150
const DAY_S = 86_400
/** Three scrapes. Prometheus itself forgets a series at the first one that fails, or after five minutes without any. */
const CURRENT_S = 45
const TO_THE_MINUTE = { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' }
const POWERS_OF_TWO = Array.from({ length: 50 }, (_, power) => 2 ** power)
const LIGHT = ['#1f5fbf', '#b3400f', '#1a6b2f', '#7a2fb0', '#8a6100', '#0f6f78', '#a8215f', '#555']
const DARK = ['#7db2ff', '#ff9e70', '#7fd694', '#cf9dff', '#e8c15a', '#6fd3dd', '#ff94c2', '#bbb']

const dark = matchMedia('(prefers-color-scheme: dark)')
const range = document.getElementById('range')
const cards = PANELS.map(createCard)

function createCard(panel) {
  const card = element('article', { className: panel.shows })
  const chart = element('div', { className: 'chart' })
  const values = element('dl')
  card.append(element('h2', { textContent: panel.title }), element('p', { textContent: panel.question }))
  if (panel.shows === 'lines') card.append(chart)
  card.append(values)
  document.getElementById('panels').append(card)
  return { panel, card, chart, values, plot: undefined }
}

function element(name, properties = {}) {
  return Object.assign(document.createElement(name), properties)
}

async function ask(path, parameters = {}) {
  const reply = await fetch(`../api/v1/${path}?${new URLSearchParams(parameters)}`, {
    signal: AbortSignal.timeout(ANSWER_MS),
  })
  const { status, data, error } = await reply.json()
  if (status !== 'success') throw new Error(error)
  return data
}

async function refresh() {
  const end = Math.floor(Date.now() / 1000)
  const seconds = Number(range.value)
  const times = { start: end - seconds, end, step: Math.max(Math.ceil(seconds / POINTS), 1) }
  const [problem] = await Promise.all([refreshAlerts(), ...cards.map((card) => refreshCard(card, times))])
  document.getElementById('state').textContent = problem ?? `as of ${new Date().toLocaleTimeString()}`
}

/** They wait for no panel. Returns what is wrong where Prometheus does not answer. */
async function refreshAlerts() {
  try {
    const { alerts } = await ask('alerts')
    showAlerts(alerts)
  } catch (error) {
    showUnknownAlerts()
    return `Prometheus gives no answer: ${error.message}`
  }
}

/** A query that is refused empties its own panel alone. */
async function refreshCard(card, times) {
  const { panel } = card
  let series = []
  let missing = panel.profile === undefined ? 'no data' : `no data: the profile ${panel.profile} does not run`
  try {
    series = await seriesOf(panel, times)
  } catch (error) {
    missing = `no answer: ${error.message}`
  }
  card.card.dataset.series = series.length
  showValues(card, series, { ...times, missing })
  if (panel.shows === 'lines') draw(card, series, times)
}

async function seriesOf({ queries }, times) {
  const answers = await Promise.all(queries.map(({ expr }) => ask('query_range', { query: expr, ...times })))
  return answers.flatMap(({ result }, at) =>
    result.map(({ metric, values }) => ({ name: legendOf(queries[at].legend, metric), values })),
  )
}

function legendOf(legend, metric) {
  return legend.replace(/\{\{(\w+)\}\}/g, (_, label) => metric[label] ?? '')
}

const colorOf = (at) => (dark.matches ? DARK : LIGHT)[at % LIGHT.length]

function showValues({ panel, values }, series, { end, missing }) {
  const rows = series.flatMap(({ name, values: points }, at) => {
    const title = element('dt', { textContent: name })
    if (panel.shows === 'lines') title.style.setProperty('--series', colorOf(at))
    return [title, currentOf(points.at(-1), end, panel.unit)]
  })
  values.replaceChildren(
    ...(rows.length > 0 ? rows : [element('dt', { textContent: missing }), element('dd')]),
  )
}

/** A number is one of now: of what has ended, the page says when. */
function currentOf([seconds, value], end, unit) {
  if (seconds >= end - CURRENT_S) return element('dd', { textContent: format(Number(value), unit) })
  const time = new Date(1000 * seconds).toLocaleString([], TO_THE_MINUTE)
  return element('dd', { className: 'ended', textContent: `no data since ${time}` })
}

/** Prometheus leaves out the points in which there was nothing; a line needs a place for each. */
function columns(series, { start, end, step }) {
  const times = Array.from({ length: Math.floor((end - start) / step) + 1 }, (_, at) => start + at * step)
  const lines = series.map(({ values }) => {
    const known = new Map(values.map(([time, value]) => [Math.round(time), Number(value)]))
    return times.map((time) => known.get(time) ?? null)
  })
  return [times, ...lines]
}

function draw(card, series, times) {
  card.plot?.destroy()
  const style = getComputedStyle(document.documentElement)
  const axis = {
    stroke: style.getPropertyValue('--faint'),
    grid: { stroke: style.getPropertyValue('--line') },
  }
  const options = {
    width: card.chart.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    scales: { y: { range: (_, least, most) => [Math.min(0, least ?? 0), most > 0 ? most * 1.1 : 1] } },
    axes: [
      { ...axis, values: (_, ticks) => ticks.map((tick) => timeOf(tick, times)) },
      {
        ...axis,
        size: 70,
        values: (_, ticks) => ticks.map((tick) => format(tick, card.panel.unit)),
        ...(card.panel.unit === 'bytes' ? { incrs: POWERS_OF_TWO } : {}),
      },
    ],
    series: [{}, ...series.map((_, at) => ({ stroke: colorOf(at), width: 2, spanGaps: true }))],
  }
  card.plot = new uPlot(options, columns(series, times), card.chart)
  const canvas = card.chart.querySelector('canvas')
  canvas.setAttribute('role', 'img')
  canvas.setAttribute(
    'aria-label',
    `${card.panel.title}: ${series.map(({ name }) => name).join(', ') || 'no data'}`,
  )
}

/** As the reader's own language writes it; a day where the whole range is days. */
function timeOf(seconds, { start, end }) {
  const date = new Date(1000 * seconds)
  if (end - start > DAY_S) return date.toLocaleDateString([], { month: 'short', day: 'numeric' })
  return date.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
}

function format(value, unit) {
  if (Number.isNaN(value)) return '–'
  if (unit === 'share') return `${(100 * value).toFixed(1)} %`
  if (unit === 'bytes') return scaled(value, 1024, ['B', 'KiB', 'MiB', 'GiB', 'TiB'])
  if (unit === 'seconds') return duration(value)
  const text = scaled(value, 1000, ['', 'k', 'M', 'G'])
  return unit === 'per second' ? `${text}/s` : text
}

function scaled(value, base, units) {
  const power = value < base ? 0 : Math.min(Math.floor(Math.log(value) / Math.log(base)), units.length - 1)
  const digits = Number.isInteger(value) && power === 0 ? 0 : value < 1 ? 3 : 1
  return `${(value / base ** power).toFixed(digits)} ${units[power]}`.trim()
}

function duration(seconds) {
  if (seconds === 0) return '0 s'
  if (seconds < 0.001) return `${Math.round(1e6 * seconds)} µs`
  if (seconds < 1) return `${Math.round(1000 * seconds)} ms`
  if (seconds < 120) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`
  return seconds < 172_800 ? `${(seconds / 3600).toFixed(1)} h` : `${(seconds / 86_400).toFixed(1)} d`
}

function showAlerts(alerts) {
  const firing = alerts.filter(({ state }) => state === 'firing')
  const rows = firing.map(({ labels, annotations }) => {
    const row = element('li', { className: labels.severity, textContent: `${labels.alertname}: ` })
    row.append(annotations.summary, ' ', element('code', { textContent: annotations.runbook }))
    row.append(runbook(labels.alertname))
    return row
  })
  listAlerts(rows.length > 0 ? rows : [element('li', { textContent: 'No alert is firing.' })])
}

/** What to do; every second part of its text is code. */
function runbook(alert) {
  const text = element('p')
  const parts = (RUNBOOKS[alert] ?? '').split('`')
  text.append(...parts.map((part, at) => (at % 2 === 0 ? part : element('code', { textContent: part }))))
  return text
}

function showUnknownAlerts() {
  const textContent = 'It is not known whether an alert is firing.'
  listAlerts([element('li', { className: 'warning', textContent })])
}

function listAlerts(rows) {
  document.getElementById('alerts').replaceChildren(...rows)
}

range.addEventListener('change', refresh)
dark.addEventListener('change', refresh)
addEventListener('resize', () => {
  for (const { plot, chart } of cards) plot?.setSize({ width: chart.clientWidth, height: HEIGHT })
})
void refresh()
setInterval(refresh, REFRESH_MS)
