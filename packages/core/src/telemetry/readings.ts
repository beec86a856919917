import type { Emitter } from './emitter'
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
export interface Reading {
  readonly name: string
  readonly unit: string
  readonly description: string
  readonly kind: 'counter' | 'gauge'
  read(observe: Observe, source: MetricsSource): void
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
