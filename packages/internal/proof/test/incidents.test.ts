// tier: slow
import { incidentNames, simulateFleet, simulateIncident } from '@larder/testing'
import { describe, expect, test } from 'vitest'
import { shortFaultClasses } from '../src/simulation/campaign'

const seeds = Array.from({ length: 20 }, (_, index) => index + 1)

test('no incident has the name of a class of short faults, which would never run', () => {
  expect(shortFaultClasses.filter((name) => incidentNames.some((incident) => incident === name))).toEqual([])
})

describe.each(incidentNames)('the incident %s', (incident) => {
  test('violates no guarantee in 20 seeds', async () => {
    const found: string[] = []
    for (const seed of seeds) {
      const { violations } = await simulateIncident({ incident, seed })
      found.push(...violations.map((text) => `seed ${seed}: ${text}`))
    }
    expect(found).toEqual([])
  })
})

describe.each([
  [6, 5_000],
  [12, 2_000],
  [1, 20_000],
])('a fleet of %i processes that know %i names', (processes, names) => {
  test('recovers from a flush with a few calls each, and reissues nothing', async () => {
    const run = await simulateFleet({ processes, names, loss: 'flush' })
    expect(run).toMatchObject({ recordsTouched: 0, reissued: 0, failedSyncs: 0 })
    expect(run.recoveredAfter).toBeLessThan(5_000)
    expect(run.calls).toBeLessThan(10 * processes)
  })

  test('recovers from a lossy failover with work that some of the processes do', async () => {
    const run = await simulateFleet({ processes, names, loss: 'failover' })
    expect(run.recoveredAfter).toBeLessThan(5_000)
    expect(run.recordsTouched).toBeLessThanOrEqual(names * Math.min(processes, 5))
    expect(run.calls).toBeLessThan(20 * processes)
    expect(run.busy).toBeLessThan(1_000)
  })
})

test('links that a flush has lost are reissued by some of the processes', async () => {
  const run = await simulateFleet({ processes: 8, names: 100, links: 500, loss: 'flush' })
  expect(run.recoveredAfter).toBeLessThan(5_000)
  expect(run.recordsTouched).toBeGreaterThanOrEqual(1_000)
  expect(run.recordsTouched).toBeLessThan(10_000)
})
