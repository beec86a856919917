import type { Cache, CacheEvents } from '@larder/core'
import { createInvalidationHistory, type EndedEntry } from './invalidation-history'
import { listenToInvalidations } from './listen-to-invalidations'
import { createRingBuffer } from './ring-buffer'

/** Evicted keys that are remembered: the latest. */
const maxEvictedKeys = 20_000
/** Observations kept for each function and kind: the latest. */
const maxObservations = 200
const maxExamples = 10
/** Awaited keys of a function whose computations are counted. */
const maxAwaitedKeys = 200
/** One stored value in this many is measured. */
const sizeSampling = 16

/** The latest observations of a function, from events. */
export interface FunctionEvidence {
  /** For each miss: whether its key had been evicted. */
  readonly evictedMisses: readonly boolean[]
  /** For each read without an entry: the key. */
  readonly absentKeys: readonly string[]
  readonly endedEntries: readonly EndedEntry[]
  /** Approximate bytes of stored values, as JSON. */
  readonly valueSizes: readonly number[]
  /** For each caller that waited for the computation of another one: the key. */
  readonly awaitedKeys: readonly string[]
  /** Keys that were awaited, with the number of their computations since then. */
  readonly awaitedComputations: ReadonlyMap<string, number>
}

function createObservations() {
  return {
    evictedMisses: createRingBuffer<boolean>(maxObservations),
    absentKeys: createRingBuffer<string>(maxObservations),
    endedEntries: createRingBuffer<EndedEntry>(maxObservations),
    valueSizes: createRingBuffer<number>(maxExamples),
    awaitedKeys: createRingBuffer<string>(maxObservations),
    awaitedComputations: new Map<string, number>(),
    stored: 0,
  }
}

/** Records evidence that the counts of a cache do not hold. The cache bounds the number of functions. */
export function createEvidenceRecorder(cache: Cache) {
  const functions = new Map<string, ReturnType<typeof createObservations>>()
  const evictedKeys = new Set<string>()
  const history = createInvalidationHistory()

  function observationsOf(name: string) {
    const known = functions.get(name) ?? createObservations()
    functions.set(name, known)
    return known
  }

  function observeMiss({ key, function: name, reason }: CacheEvents['miss']): void {
    const observations = observationsOf(name)
    observations.evictedMisses.push(evictedKeys.delete(key))
    if (reason === 'absent') observations.absentKeys.push(key)
    // The entry is still in memory when the miss is reported.
    if (reason === 'invalidated')
      observations.endedEntries.push(history.findLatest(cache.peek(key)?.tags ?? []))
  }

  function observeFill({ key, function: name, outcome }: CacheEvents['fill']): void {
    if (outcome !== 'stored') return
    const observations = observationsOf(name)
    if (observations.stored % sizeSampling === 0) observations.valueSizes.push(sizeOf(cache.peek(key)?.value))
    observations.stored += 1
  }

  function observeJoin({ key, function: name }: CacheEvents['join']): void {
    const { awaitedKeys, awaitedComputations } = observationsOf(name)
    awaitedKeys.push(key)
    if (!awaitedComputations.has(key)) awaitedComputations.set(key, 0)
    if (awaitedComputations.size > maxAwaitedKeys) dropFirst(awaitedComputations)
  }

  function observeCompute({ key, function: name }: CacheEvents['compute']): void {
    const computations = functions.get(name)?.awaitedComputations
    const count = computations?.get(key)
    if (count !== undefined) computations?.set(key, count + 1)
  }

  return {
    /** Records until the returned functions are called. */
    listen: (): readonly (() => void)[] => [
      cache.on('evict', ({ key }) => rememberEvicted(evictedKeys, key)),
      cache.on('miss', observeMiss),
      cache.on('fill', observeFill),
      cache.on('join', observeJoin),
      cache.on('compute', observeCompute),
      listenToInvalidations(cache, ({ scope, name }) => {
        if (scope === 'tag') history.add(name)
      }),
    ],
    /** Undefined for a function of which nothing was observed. */
    findEvidence(name: string): FunctionEvidence | undefined {
      const observations = functions.get(name)
      return (
        observations && {
          evictedMisses: observations.evictedMisses.newestFirst(),
          absentKeys: observations.absentKeys.newestFirst(),
          endedEntries: observations.endedEntries.newestFirst(),
          valueSizes: observations.valueSizes.newestFirst(),
          awaitedKeys: observations.awaitedKeys.newestFirst(),
          awaitedComputations: observations.awaitedComputations,
        }
      )
    },
  }
}

function rememberEvicted(evictedKeys: Set<string>, key: string): void {
  evictedKeys.add(key)
  if (evictedKeys.size > maxEvictedKeys) dropFirst(evictedKeys)
}

function dropFirst(keys: Set<string> | Map<string, number>): void {
  const [first] = keys.keys()
  if (first !== undefined) keys.delete(first)
}

/** The length of the value as JSON; 0 for a value that JSON cannot represent. */
function sizeOf(value: unknown): number {
  if (typeof value === 'string') return value.length
  if (ArrayBuffer.isView(value)) return value.byteLength
  try {
    return JSON.stringify(value)?.length ?? 0
  } catch {
    return 0
  }
}
