// tier: slow
import { describe, expect, it } from 'vitest'
import { fifoPolicy } from '../src/policies/fifo'
import { lruPolicy } from '../src/policies/lru'
import { optimalHitRatio } from '../src/policies/optimum'
import type { EvictionPolicy } from '../src/policies/policy'
import { s3FifoPolicy } from '../src/policies/s3-fifo'
import { sievePolicy } from '../src/policies/sieve'
import { wTinyLfuPolicy } from '../src/policies/w-tiny-lfu'
import { traces } from '../src/traces'

const policies: Readonly<Record<string, EvictionPolicy>> = {
  fifo: fifoPolicy,
  lru: lruPolicy,
  sieve: sievePolicy,
  s3Fifo: s3FifoPolicy,
  wTinyLfu: wTinyLfuPolicy,
}
const length = 60_000

function hitsOf(policy: EvictionPolicy, trace: Int32Array, capacity: number): number {
  const ask = policy(capacity)
  return trace.reduce((hits, key) => hits + Number(ask(key)), 0) / trace.length
}

describe.each(traces)('$name', ({ keys, capacity }) => {
  const trace = keys(length)

  it('is the same in each run', () => {
    expect(keys(length)).toEqual(trace)
  })

  it.each(Object.entries(policies))('%s hits no more than the optimum', (_, policy) => {
    expect(hitsOf(policy, trace, capacity)).toBeLessThanOrEqual(optimalHitRatio(trace, capacity))
  })
})

describe('eviction policies', () => {
  it.each(Object.entries(policies))('%s keeps no more keys than its capacity', (_, policy) => {
    const ask = policy(10)
    for (let key = 0; key < 1_000; key += 1) ask(key)
    const kept = Array.from({ length: 1_000 }, (_, key) => key).filter((key) => {
      const fresh = policy(10)
      for (let other = 0; other < 1_000; other += 1) fresh(other)
      return fresh(key)
    })
    expect(kept.length).toBeLessThanOrEqual(10)
  })

  it('optimalHitRatio equals results computed by hand', () => {
    // With a capacity of two, keys without a next use are not kept at all.
    expect(optimalHitRatio(Int32Array.of(1, 2, 3, 1, 2), 2)).toBeCloseTo(0.4)
    expect(optimalHitRatio(Int32Array.of(1, 2, 1, 2), 2)).toBeCloseTo(0.5)
  })
})
