import { describe, expect, it } from 'vitest'
import { withResults } from '../src/report/documentation'
import { plotOf } from '../src/report/plot'
import { type Report, reportOf } from '../src/report/report'
import { workloadNamed } from '../src/workloads'

const workload = workloadNamed('hot-hit')
const results = new Map([
  ['larder', [{ 'hits/s': 900 }]],
  ['ocache', [{ 'hits/s': 100 }]],
  ['limit-lru', [{ 'hits/s': 1_000 }]],
])
const report = reportOf(workload, { results, failures: new Map([['cachified', 'it <broke>']]) }, true)
const page =
  'before\n<!-- table -->\n<!-- /table -->\nbetween\n<!-- workloads -->\nold\n<!-- /workloads -->\nafter\n'

describe('a report', () => {
  it('contains ratios to the limit and to the best peer', () => {
    expect(report.participants.larder?.['hits/s']).toEqual({ median: 900, toLimit: 0.9, toBestPeer: 9 })
    expect(report.bestPeers).toEqual({ 'hits/s': 'ocache' })
    expect(report.verdicts.map(({ verdict }) => verdict)).toEqual(['met', 'met', 'unknown', 'unknown'])
  })

  it('is written into a page, with the same result when written again', () => {
    const read: Report = JSON.parse(JSON.stringify(report))
    const once = withResults(page, [read], [workload])
    expect(once).toContain('| larder    |    900 |    0.90 |        9.00 |')
    expect(once).toContain('cachified was not measured')
    expect(once).not.toContain('old')
    expect(withResults(once, [read], [workload])).toBe(once)
  })

  it('is plotted with a bar per participant', () => {
    const plot = plotOf(report)
    expect(plot).toContain('900 (0.90 of limit)')
    expect(plot.match(/<rect/g)).toHaveLength(3)
  })
})
