// tier: slow
import { incidentNames, simulateFleet, simulateIncident } from '@larder/testing'
import { describe, expect, test } from 'vitest'
import { knownViolations } from '../src/simulation/known-violations'

const isKnown = (name: string) => knownViolations.some(({ incident }) => incident === name)
const provenNames = incidentNames.filter((name) => !isKnown(name))
const seeds = Array.from({ length: 30 }, (_, index) => index + 1)

describe.each(provenNames)('the incident %s', (incident) => {
  test('violates no guarantee in 30 seeds', async () => {
    const found: string[] = []
    for (const seed of seeds) {
      const { violations } = await simulateIncident({ incident, seed })
      found.push(...violations.map((text) => `seed ${seed}: ${text}`))
    }
    expect(found).toEqual([])
  })
})

test.each(knownViolations)('the known violation in $incident shows with seed $seed', async (known) => {
  const { violations } = await simulateIncident(known)
  expect(violations).not.toEqual([])
})

test('a fleet that loses a log of some names recovers within seconds', async () => {
  const { recoveredAfter, failedSyncs } = await simulateFleet({ processes: 3, names: 1_000, loss: 'flush' })
  expect(recoveredAfter).toBeLessThan(5_000)
  expect(failedSyncs).toBe(0)
})
