// needs: redis
// tier: slow
import { describe, expect, it } from 'vitest'
import { runWorkload } from '../src/measuring/run-workload'
import { verdictsOf } from '../src/verdict'
import { workloads } from '../src/workloads'

/** Long enough to count commands and computations. Times depend on the machine and are not asserted. */
const effort = { isShort: true, rounds: 3, time: 20 }
const workloadsWithCounts = workloads.filter(({ goals }) => goals.some(({ kind }) => kind === 'count'))

describe('counts of commands, round trips and computations', () => {
  it.each(workloadsWithCounts)('meet the goals of $name', async (workload) => {
    const { results, failures } = await runWorkload(workload, {
      effort,
      only: (participant) => participant.includes('larder'),
    })
    expect([...failures]).toEqual([])
    const counts = verdictsOf(workload, results).filter(({ kind }) => kind === 'count')
    expect(counts.filter(({ verdict }) => verdict !== 'met')).toEqual([])
  })
})
