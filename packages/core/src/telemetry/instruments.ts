import type { CacheEventName, CacheEvents } from '../contracts/events'
import type { CacheStats } from '../contracts/stats'

type Labels = Readonly<Record<string, string>>
type Observe = (value: number, labels?: Labels) => void

/** A number that is read when a collector asks, so that counting itself costs nothing. */
export interface Reading {
  readonly kind: 'counter' | 'gauge'
  /** As in OpenTelemetry: `cache.requests`. */
  readonly name: string
  /** In UCUM: `s`, `By`, `{request}`. */
  readonly unit: string
  readonly description: string
  read(stats: CacheStats, observe: Observe): void
}

/** A distribution of what events tell. */
export interface Distribution<N extends CacheEventName = CacheEventName> {
  readonly kind: 'histogram'
  readonly name: string
  readonly unit: string
  readonly description: string
  /** Upper bounds of the buckets. */
  readonly bounds: readonly number[]
  readonly event: N
  measure(event: CacheEvents[N]): { readonly value: number; readonly labels?: Labels }
}

/** Anything a cache measures. No label ever holds a key. */
export type Instrument = Reading | Distribution

const reading =
  (kind: Reading['kind']) =>
  (name: string, unit: string, description: string, read: Reading['read']): Reading => ({
    kind,
    name,
    unit,
    description,
    read,
  })
const counter = reading('counter')
const gauge = reading('gauge')

/** What OpenTelemetry advises for calls of databases, in seconds, and 0.2, where an alert stands. */
const seconds = [0.001, 0.005, 0.01, 0.05, 0.1, 0.2, 0.5, 1, 5, 10]
const bytes = [100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000]

function distribution<N extends CacheEventName>(
  name: string,
  unit: 's' | 'By',
  description: string,
  event: N,
  measure: Distribution<N>['measure'],
): Distribution {
  const bounds = unit === 's' ? seconds : bytes
  return { kind: 'histogram', name, unit, description, bounds, event, measure } as unknown as Distribution
}

/** Numbers by name, one observation each. */
const byName = (counts: Readonly<Record<string, number>>, label: string, observe: Observe) => {
  for (const [name, count] of Object.entries(counts)) observe(count, { [label]: name })
}

/** Every metric of a cache. What exports metrics goes through this list, and so do the dashboards and the alerts. */
export const instruments: readonly Instrument[] = [
  counter('cache.requests', '{request}', 'Reads, by result', ({ hits, stale, misses }, observe) => {
    for (const [tier, count] of Object.entries(hits))
      observe(count, { 'cache.result': 'hit', 'cache.tier': tier })
    observe(stale, { 'cache.result': 'stale' })
    observe(misses, { 'cache.result': 'miss' })
  }),
  counter('cache.joins', '{request}', 'Callers that shared another computation', ({ joins }, observe) =>
    observe(joins),
  ),
  counter('cache.computes', '{computation}', 'Computations, by how they ended', ({ computes }, observe) =>
    byName(computes, 'cache.outcome', observe),
  ),
  counter('cache.refreshes', '{computation}', 'Computations nobody waited for', ({ refreshes }, observe) =>
    observe(refreshes),
  ),
  counter('cache.fills', '{fill}', 'What became of computed values', ({ fills }, observe) =>
    byName(fills, 'cache.outcome', observe),
  ),
  counter('cache.evictions', '{eviction}', 'Entries removed to make room', ({ evictions }, observe) =>
    observe(evictions),
  ),
  counter('cache.errors', '{error}', 'Failures that no caller hears of', ({ errors }, observe) =>
    observe(errors),
  ),
  counter('cache.unreadable', '{entry}', 'Entries whose bytes were not used', ({ unreadable }, observe) =>
    observe(unreadable),
  ),
  counter(
    'cache.invalidations',
    '{invalidation}',
    'Invalidations by this process',
    ({ invalidations }, observe) => byName(invalidations, 'cache.outcome', observe),
  ),
  counter('cache.syncs', '{sync}', 'Readings of the log, by outcome', ({ syncs }, observe) =>
    byName(syncs, 'cache.outcome', observe),
  ),
  counter('cache.divergences', '{divergence}', 'Times the log had lost records', ({ diverged }, observe) =>
    observe(diverged),
  ),
  gauge('cache.entries', '{entry}', 'Entries in memory', ({ usage }, observe) => {
    if (usage !== undefined) observe(usage.entries)
  }),
  gauge('cache.entries.limit', '{entry}', 'Entries that memory may hold', ({ usage }, observe) => {
    if (usage !== undefined) observe(usage.maxEntries)
  }),
  gauge('cache.memory.usage', 'By', 'Memory that entries take, estimated', ({ usage }, observe) => {
    if (usage !== undefined) observe(usage.bytes)
  }),
  gauge('cache.memory.limit', 'By', 'Memory that entries may take', ({ usage }, observe) => {
    if (usage !== undefined) observe(usage.maxBytes)
  }),
  gauge('cache.follower.lag', 's', 'Time since this process was proven current', ({ lag }, observe) => {
    if (Number.isFinite(lag)) observe(lag / 1_000)
  }),
  gauge(
    'cache.follower.lag.limit',
    's',
    'The lag beyond which reads wait for the log',
    ({ maxStaleness }, observe) => observe(maxStaleness / 1_000),
  ),
  gauge('cache.outbox.size', '{invalidation}', 'Invalidations that wait for the log', ({ outbox }, observe) =>
    observe(outbox),
  ),
  gauge('cache.flights', '{computation}', 'Computations under way', ({ flights }, observe) =>
    observe(flights),
  ),
  gauge('cache.circuit.open', '{circuit}', '1 while a store is left alone', ({ circuits }, observe) => {
    for (const { name, state } of circuits) observe(state === 'open' ? 1 : 0, { 'cache.tier': name })
  }),
  distribution(
    'cache.compute.duration',
    's',
    'Duration of computations',
    'compute',
    ({ duration, outcome }) => ({
      value: duration / 1_000,
      labels: { 'cache.outcome': outcome },
    }),
  ),
  distribution(
    'cache.store.duration',
    's',
    'Duration of calls of shared stores',
    'store',
    ({ duration, tier, operation, ok }) => ({
      value: duration / 1_000,
      labels: { 'cache.tier': tier, 'cache.operation': operation, 'cache.outcome': ok ? 'ok' : 'error' },
    }),
  ),
  distribution(
    'cache.join.duration',
    's',
    'Time spent waiting for the computation of another',
    'join',
    (event) => ({
      value: event.duration / 1_000,
    }),
  ),
  distribution(
    'cache.invalidation.delay',
    's',
    'Time from the log to this process',
    'apply',
    ({ delay }) => ({ value: Math.max(0, delay) / 1_000 }),
  ),
  distribution(
    'cache.entry.size',
    'By',
    'Size of entries written to shared stores',
    'write',
    ({ bytes, tier }) => ({
      value: bytes,
      labels: { 'cache.tier': tier },
    }),
  ),
]
