import { instruments } from '@larder/core'
import { expect, test } from 'vitest'
import { stringify } from 'yaml'
import { metricName } from '../src/exposition/names'
import { grafanaDashboard } from '../src/index'
import { promtool } from './support/promtool'

const dashboard = grafanaDashboard()
const expressions = (dashboard.panels as { targets?: { expr: string }[] }[]).flatMap(({ targets = [] }) =>
  targets.map(({ expr }) => expr),
)

test('the dashboard that is shipped is the one that is generated', async () => {
  await expect(`${JSON.stringify(dashboard, null, 2)}\n`).toMatchFileSnapshot('../monitoring/dashboard.json')
})

test('Prometheus understands every expression', async () => {
  const rules = expressions.map((expr, at) => ({
    record: `panel:${at}`,
    expr: expr.replaceAll('$__rate_interval', '5m').replaceAll('$job', '.*').replaceAll('$cache', '.*'),
  }))
  const files = { 'rules.yml': stringify({ groups: [{ name: 'panels', rules }] }) }
  expect(await promtool(['check', 'rules', 'rules.yml'], { files })).toContain(`${rules.length} rules found`)
}, 300_000)

test('every metric on the list is shown', () => {
  const all = expressions.join('\n')
  for (const instrument of instruments)
    expect(all).toMatch(new RegExp(`\\b${metricName(instrument)}(_bucket)?\\b`))
})

test('no two panels overlap', () => {
  const cells = new Set<string>()
  for (const { gridPos } of dashboard.panels as { gridPos: { x: number; y: number; w: number; h: number } }[])
    for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1)
      for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
        expect(cells.has(`${x},${y}`)).toBe(false)
        expect(x).toBeLessThan(24)
        cells.add(`${x},${y}`)
      }
})
