import { describe, expect, it } from 'vitest'
import { fifo } from '../src/policies/fifo'
import { lru } from '../src/policies/lru'
import { optimum } from '../src/policies/optimum'
import type { Policy } from '../src/policies/policy'
import { s3Fifo } from '../src/policies/s3-fifo'
import { sieve } from '../src/policies/sieve'
import { wTinyLfu } from '../src/policies/w-tiny-lfu'
import { traces } from '../src/traces'

const policies: Readonly<Record<string, Policy>> = { fifo, lru, sieve, s3Fifo, wTinyLfu }
const length = 60_000

function hitsOf(policy: Policy, trace: Int32Array, room: number): number {
  const ask = policy(room)
  return trace.reduce((hits, key) => hits + Number(ask(key)), 0) / trace.length
}

describe.each(traces)('$name', ({ keys, room }) => {
  const trace = keys(length)

  it('is the same each time', () => {
    expect(keys(length)).toEqual(trace)
  })

  it.each(Object.entries(policies))('%s hits no more than the optimum', (_, policy) => {
    expect(hitsOf(policy, trace, room)).toBeLessThanOrEqual(optimum(trace, room))
  })
})

describe('policies', () => {
  it.each(Object.entries(policies))('%s keeps no more than there is room for', (_, policy) => {
    const ask = policy(10)
    for (let key = 0; key < 1_000; key += 1) ask(key)
    const kept = Array.from({ length: 1_000 }, (_, key) => key).filter((key) => {
      const fresh = policy(10)
      for (let other = 0; other < 1_000; other += 1) fresh(other)
      return fresh(key)
    })
    expect(kept.length).toBeLessThanOrEqual(10)
  })

  it('has an optimum that is right by hand', () => {
    // Room for two: what is never asked for again is not kept at all.
    expect(optimum(Int32Array.of(1, 2, 3, 1, 2), 2)).toBeCloseTo(0.4)
    expect(optimum(Int32Array.of(1, 2, 1, 2), 2)).toBeCloseTo(0.5)
  })
})
