import { describe, expect, it } from 'vitest'
import { runWorkload } from '../src/measuring/run'
import { verdictsOf } from '../src/verdict'
import { workloads } from '../src/workloads'

/** Enough to count commands and computations. Times differ from machine to machine, and fail nothing. */
const effort = { isShort: true, rounds: 3, time: 20 }
const countsSomething = workloads.filter(({ goals }) => goals.some(({ kind }) => kind === 'count'))

describe('commands, round trips and computations', () => {
  it.each(countsSomething)('$name', { timeout: 120_000 }, async (workload) => {
    const { results, failures } = await runWorkload(workload, {
      effort,
      only: (participant) => participant.includes('larder'),
    })
    expect([...failures]).toEqual([])
    const counts = verdictsOf(workload, results).filter(({ kind }) => kind === 'count')
    expect(counts.filter(({ verdict }) => verdict !== 'met')).toEqual([])
  })
})
