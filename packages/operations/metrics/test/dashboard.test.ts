// needs: prometheus
import { instruments } from '@larder/core'
import { expect, test } from 'vitest'
import { stringify } from 'yaml'
import { metricName } from '../src/exposition/prometheus-names'
import { grafanaDashboard } from '../src/index'
import { withRule } from '../src/request-matchers'
import { runPromtool } from './support/promtool'

const dashboard = grafanaDashboard()
const expressions = (dashboard.panels as { targets?: { expr: string }[] }[]).flatMap(({ targets = [] }) =>
  targets.map(({ expr }) => expr),
)

test('the published dashboard equals the generated one', async () => {
  await expect(`${JSON.stringify(dashboard, null, 2)}\n`).toMatchFileSnapshot('../monitoring/dashboard.json')
})

test('promtool accepts the expression of every panel', async () => {
  const rules = expressions.map((expr, index) => ({
    record: `panel:${index}`,
    expr: expr.replaceAll('$__rate_interval', '5m').replaceAll('$job', '.*').replaceAll('$cache', '.*'),
  }))
  const files = { 'rules.yml': stringify({ groups: [{ name: 'panels', rules }] }) }
  expect(await runPromtool(['check', 'rules', 'rules.yml'], { files })).toContain(
    `${rules.length} rules found`,
  )
})

test('the dashboard shows every metric that core records', () => {
  const text = expressions.join('\n')
  for (const instrument of instruments)
    expect(text).toMatch(new RegExp(`\\b${metricName(instrument)}(_bucket)?\\b`))
})

test('without unit suffixes, no panel asks for a metric whose name ends in one', () => {
  const text = JSON.stringify(grafanaDashboard({ unitSuffixes: false }))
  for (const instrument of instruments)
    expect(text).toMatch(new RegExp(`\\b${metricName(instrument, false)}(_bucket|_count)?\\b`))
  expect(text).not.toMatch(/cache_\w+_(seconds|bytes)\b/)
})

test('every hit ratio of a whole cache leaves out requests that no rule of HTTP is for', () => {
  const ratios = expressions.filter(
    (expr) => /"hit\|stale"/.test(expr) && !expr.includes('by (cache_function)'),
  )
  expect(ratios).toHaveLength(2)
  for (const expr of ratios) expect(expr.split(withRule)).toHaveLength(3)
})

test('panels are within the grid and do not overlap', () => {
  const cells = new Set<string>()
  for (const { gridPos } of dashboard.panels as { gridPos: { x: number; y: number; w: number; h: number } }[])
    for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1)
      for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
        expect(cells.has(`${x},${y}`)).toBe(false)
        expect(x).toBeLessThan(24)
        cells.add(`${x},${y}`)
      }
})

test('the first row says whether the cache works and how much it saves', () => {
  const [row, ...panels] = dashboard.panels as { type: string; title: string }[]
  expect(row).toMatchObject({ type: 'row', title: 'Does it work, and how much does it save?' })
  const end = panels.findIndex(({ type }) => type === 'row')
  expect(new Set(panels.slice(0, end).map(({ type }) => type))).toEqual(new Set(['stat']))
})

test('jobs, processes, caches and functions can be chosen', () => {
  const names = dashboard.templating.list.map(({ name }) => name)
  expect(names).toEqual(['datasource', 'job', 'instance', 'cache', 'function'])
  for (const name of ['job', 'instance', 'cache', 'function'])
    expect(expressions.join('\n')).toContain(`"$${name}"`)
})
