import { createCache, LarderError } from '@larder/core'
import { memoryStore } from '@larder/memory'
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import * as testing from '../src/index'

/** The functions of this package as JavaScript sees them, without types that refuse wrong calls. */
const untyped = testing as unknown as Readonly<Record<string, (...args: readonly unknown[]) => unknown>>

const open = () => ({ cache: createCache({ name: 'test', store: memoryStore() }) })
const read = { args: fc.tuple(fc.nat()), cached: () => 1, source: () => 1 }

test.each<[name: string, args: readonly unknown[], message: RegExp]>([
  ['virtualClock', [1_700_000_000_000], /virtualClock takes its options as an object; got 1700000000000/],
  ['virtualClock', [null], /virtualClock takes its options as an object; got null/],
  ['virtualClock', [{ strat: 5 }], /virtualClock has no option "strat"\. Write start\./],
  ['virtualClock', [{ start: '2026-01-01' }], /start must be a time in ms since the epoch.*got '2026-01-01'/],
  ['faultyStore', [], /faultyStore: the store must be an object such as redisStore.* got undefined/],
  ['faultyStore', [memoryStore], /the store must be an object .* got the function memoryStore/],
  ['storeConformance', [], /the first argument must be a function such as \(\) => memoryStore\(\)/],
  ['storeConformance', [memoryStore(), { describe, it }], /the first argument must be a function/],
  ['storeConformance', [memoryStore], /the second argument must be { describe, it } of a test runner/],
  [
    'storeConformance',
    [() => 5, { describe, it }],
    /the result of the first argument must be an object such/,
  ],
  ['checkCoherence', [], /checkCoherence takes its options as an object; got null/],
  ['checkCoherence', [{ open, reads: { a: read } }], /writes must be an object such as .* got undefined/],
  ['checkCoherence', [{ open, reads: {}, writes: {}, fault: false }], /no option "fault"\. Write faults\./],
  [
    'checkCoherence',
    [{ open, reads: { a: () => 1 }, writes: {} }],
    /reads\.a takes its options as an object/,
  ],
  [
    'checkCoherence',
    [{ open, reads: { a: { ...read, sources: read.source } }, writes: {} }],
    /reads\.a has no option "sources"\. Write source\./,
  ],
  [
    'checkCoherence',
    [{ open, reads: {}, writes: { a: { args: read.args } } }],
    /writes\.a: run must be a function/,
  ],
  [
    'checkCoherence',
    [{ open, reads: {}, writes: { a: { args: [1] } } }],
    /args must be an arbitrary of lists/,
  ],
  ['simulate', [{ sed: 42 }], /simulate has no option "sed"\. Write seed\./],
  ['simulate', [{ faults: ['fail-over'] }], /faults must be a list of .*failover/],
])('%s(…%o) answers with what to write', async (name, args, message) => {
  const error = await Promise.resolve()
    .then(() => untyped[name]?.(...args))
    .catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(LarderError)
  expect((error as LarderError).message).toMatch(message)
})
