import type { Emitter } from './emitter'
import type { Meter, Observable, ObserveCallback, TelemetryOptions } from './open-telemetry'
import type { Counters, Gauges } from './stats'

/** What is measured. */
export interface MetricsSource {
  readonly name: string
  readonly counters: Counters
  readonly emitter: Emitter
  gauges(): Gauges
}

type Observe = (value: number, attributes?: Record<string, string>) => void

/** A number that is read when a collector asks, so that counting itself costs nothing. */
interface Reading {
  readonly name: string
  readonly unit: string
  readonly description: string
  readonly kind: 'counter' | 'gauge'
  read(observe: Observe, source: MetricsSource): void
}

const seconds = {
  unit: 's',
  advice: { explicitBucketBoundaries: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10] },
}

const counter = (name: string, unit: string, description: string, read: Reading['read']): Reading => ({
  name,
  unit,
  description,
  kind: 'counter',
  read,
})
const gauge = (name: string, unit: string, description: string, read: Reading['read']): Reading => ({
  name,
  unit,
  description,
  kind: 'gauge',
  read,
})

/** Every metric that is read off the counters. No attribute ever holds a key. */
export const readings: readonly Reading[] = [
  counter('cache.requests', '{request}', 'Reads, by result', (observe, { counters }) => {
    for (const [tier, hits] of Object.entries(counters.hits))
      observe(hits, { 'cache.result': 'hit', 'cache.tier': tier })
    observe(counters.stale, { 'cache.result': 'stale' })
    observe(counters.misses, { 'cache.result': 'miss' })
  }),
  counter('cache.joins', '{request}', 'Callers that shared another computation', (observe, { counters }) =>
    observe(counters.joins),
  ),
  counter('cache.fills', '{fill}', 'What became of computed values', (observe, { counters }) => {
    for (const [outcome, count] of Object.entries(counters.fills))
      observe(count, { 'cache.outcome': outcome })
  }),
  counter('cache.evictions', '{eviction}', 'Entries removed to make room', (observe, { counters }) =>
    observe(counters.evictions),
  ),
  counter('cache.errors', '{error}', 'Failures that no caller hears of', (observe, { counters }) =>
    observe(counters.errors),
  ),
  counter('cache.unreadable', '{entry}', 'Entries whose bytes were not used', (observe, { counters }) =>
    observe(counters.unreadable),
  ),
  counter(
    'cache.invalidations',
    '{invalidation}',
    'Invalidations by this process',
    (observe, { counters }) => {
      for (const [outcome, count] of Object.entries(counters.invalidations))
        observe(count, { 'cache.outcome': outcome })
    },
  ),
  gauge('cache.entry.count', '{entry}', 'Entries in memory', (observe, { gauges }) => {
    const { usage } = gauges()
    if (usage !== undefined) observe(usage.entries)
  }),
  gauge('cache.memory.usage', 'By', 'Memory that entries take, estimated', (observe, { gauges }) => {
    const { usage } = gauges()
    if (usage !== undefined) observe(usage.bytes)
  }),
  gauge('cache.memory.limit', 'By', 'Memory that entries may take', (observe, { gauges }) => {
    const { usage } = gauges()
    if (usage !== undefined) observe(usage.maxBytes)
  }),
  gauge('cache.follower.lag', 's', 'Time since this process was proven current', (observe, { gauges }) => {
    const { lag } = gauges()
    if (Number.isFinite(lag)) observe(lag / 1_000)
  }),
  gauge('cache.outbox.size', '{invalidation}', 'Invalidations that wait for the log', (observe, { gauges }) =>
    observe(gauges().outbox),
  ),
  gauge('cache.circuit.open', '1', '1 while a store is left alone', (observe, { gauges }) => {
    for (const { name, state } of gauges().circuits)
      observe(state === 'closed' ? 0 : 1, { 'cache.tier': name })
  }),
]

/**
 * Offers the metrics to OpenTelemetry and returns an end to that. Instruments made before the SDK starts would stay
 * without effect for good, so they are made again once the provider has changed.
 */
export function observeMetrics(source: MetricsSource, options: TelemetryOptions | undefined): () => void {
  const api = options?.metrics
  if (api === undefined) return () => undefined
  let provider: object | undefined
  let detach: () => void = () => undefined
  let record: ReturnType<typeof histograms> | undefined

  function attach(): void {
    const current = api?.getMeterProvider()
    if (api === undefined || current === provider) return
    provider = current
    detach()
    const meter = api.getMeter('@larder/core')
    detach = observeAll(meter, source)
    record = histograms(meter, source.name)
  }

  attach()
  const offs = [
    source.emitter.on('compute', (event) => {
      attach()
      record?.compute(event.duration, event.outcome)
    }),
    source.emitter.on('store', (event) => {
      attach()
      record?.store(event.duration, event.tier, event.operation)
    }),
  ]
  return () => {
    detach()
    for (const off of offs) off()
  }
}

function observeAll(meter: Meter, source: MetricsSource): () => void {
  const attached = readings.map(({ name, unit, description, kind, read }): [Observable, ObserveCallback] => {
    const instrument =
      kind === 'counter'
        ? meter.createObservableCounter(name, { unit, description })
        : meter.createObservableGauge(name, { unit, description })
    const callback: ObserveCallback = (result) =>
      read((value, attributes) => result.observe(value, { 'cache.name': source.name, ...attributes }), source)
    instrument.addCallback(callback)
    return [instrument, callback]
  })
  return () => {
    for (const [instrument, callback] of attached) instrument.removeCallback(callback)
  }
}

function histograms(meter: Meter, cache: string) {
  const compute = meter.createHistogram('cache.compute.duration', {
    ...seconds,
    description: 'Duration of computations',
  })
  const store = meter.createHistogram('cache.store.duration', {
    ...seconds,
    description: 'Duration of calls of shared stores',
  })
  return {
    compute: (ms: number, outcome: string) =>
      compute.record(ms / 1_000, { 'cache.name': cache, 'cache.outcome': outcome }),
    store: (ms: number, tier: string, operation: string) =>
      store.record(ms / 1_000, { 'cache.name': cache, 'cache.tier': tier, 'cache.operation': operation }),
  }
}
