import {
  counter,
  counterPerFunction,
  counterPerServer,
  defineDistribution,
  gauge,
  gaugePerFunction,
  gaugePerServer,
  type Instrument,
  observeByName,
} from './instrument'

/** All metrics of a cache: the single source for exporters, dashboards and alerts. */
export const instruments: readonly Instrument[] = [
  counterPerFunction('cache.requests', '{request}', 'Reads, by result', (reads, observe) => {
    for (const [tier, count] of Object.entries(reads.hits))
      observe(count, { 'cache.result': 'hit', 'cache.tier': tier })
    observe(reads.stale, { 'cache.result': 'stale' })
    for (const [reason, count] of Object.entries(reads.missReasons))
      if (count > 0) observe(count, { 'cache.result': 'miss', 'cache.reason': reason })
  }),
  counter(
    'cache.joins',
    '{request}',
    'Callers that joined the computation of another',
    ({ joins }, observe) => observe(joins),
  ),
  counter('cache.computes', '{computation}', 'Computations, by how they ended', (stats, observe) => {
    for (const [functionName, { computes }] of Object.entries(stats.functions)) {
      const { busy, ...ended } = computes
      observeByName(ended, 'cache.outcome', (count, labels) =>
        observe(count, { 'cache.function': functionName, ...labels }),
      )
    }
    // The limit that refuses computations is one of the whole cache.
    observe(stats.computes.busy ?? 0, { 'cache.outcome': 'busy' })
  }),
  counterPerFunction(
    'cache.compute.time',
    's',
    'Total duration of computations',
    ({ computeTime }, observe) => observe(computeTime / 1_000),
  ),
  gaugePerFunction(
    'cache.compute.quantile',
    's',
    'Quantile of the duration of recent computations',
    ({ computeP95 }, observe) => {
      if (computeP95 > 0) observe(computeP95 / 1_000, { 'cache.quantile': '0.95' })
    },
  ),
  counter('cache.refreshes', '{computation}', 'Computations in the background', ({ refreshes }, observe) =>
    observe(refreshes),
  ),
  counterPerFunction(
    'cache.fills',
    '{fill}',
    'Computed values, by whether they were stored',
    ({ fills }, observe) => observeByName(fills, 'cache.outcome', observe),
  ),
  counterPerFunction('cache.written', 'By', 'Bytes written to shared stores', ({ writtenBytes }, observe) =>
    observe(writtenBytes),
  ),
  gaugePerFunction('cache.served.age', 's', 'Age of values served recently', ({ servedAge }, observe) =>
    observe(servedAge / 1_000),
  ),
  counter('cache.evictions', '{eviction}', 'Entries removed to make room', ({ evictions }, observe) =>
    observe(evictions),
  ),
  counter('cache.errors', '{error}', 'Failures that were reported to no caller', ({ errors }, observe) =>
    observe(errors),
  ),
  counter(
    'cache.unreadable',
    '{entry}',
    'Stored entries whose bytes could not be used',
    ({ unreadable }, observe) => observe(unreadable),
  ),
  counter(
    'cache.invalidations',
    '{invalidation}',
    'Invalidations by this process',
    ({ invalidations }, observe) => observeByName(invalidations, 'cache.outcome', observe),
  ),
  counter('cache.syncs', '{sync}', 'Syncs with the log, by outcome', ({ syncs }, observe) =>
    observeByName(syncs, 'cache.outcome', observe),
  ),
  counter(
    'cache.divergences',
    '{divergence}',
    'Times the log had lost records that were reissued',
    ({ diverged }, observe) => observe(diverged),
  ),
  counter('cache.audited', '{entry}', 'Entries that audits compared, by outcome', ({ audited }, observe) =>
    observeByName(audited, 'cache.outcome', observe),
  ),
  gauge('cache.entries', '{entry}', 'Entries in memory', ({ usage }, observe) => {
    if (usage !== undefined) observe(usage.entries)
  }),
  gauge('cache.entries.limit', '{entry}', 'Maximum entries in memory', ({ usage }, observe) => {
    if (usage !== undefined) observe(usage.maxEntries)
  }),
  gauge('cache.memory.usage', 'By', 'Estimated memory of entries', ({ usage }, observe) => {
    if (usage !== undefined) observe(usage.bytes)
  }),
  gauge('cache.memory.limit', 'By', 'Maximum memory of entries', ({ usage }, observe) => {
    if (usage !== undefined) observe(usage.maxBytes)
  }),
  gauge('cache.follower.lag', 's', 'Time since this process was last proven current', ({ lag }, observe) => {
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
  gauge(
    'cache.circuit.open',
    '{circuit}',
    '1 while the circuit of a store is open',
    ({ circuits }, observe) => {
      for (const { name, state } of circuits) observe(state === 'open' ? 1 : 0, { 'cache.tier': name })
    },
  ),
  gaugePerServer('cache.server.memory.usage', 'By', 'Memory used by a server', ({ usedMemory }, observe) =>
    observe(usedMemory),
  ),
  gaugePerServer(
    'cache.server.memory.limit',
    'By',
    'Limit of the memory of a server, if it has one',
    ({ maxMemory, evictionPolicy }, observe) => {
      if (maxMemory > 0) observe(maxMemory, { 'cache.policy': evictionPolicy })
    },
  ),
  gaugePerServer(
    'cache.server.memory.fragmentation',
    '{ratio}',
    'Memory of the process of a server, by memory used',
    ({ fragmentation }, observe) => observe(fragmentation),
  ),
  gaugePerServer('cache.server.clients', '{client}', 'Clients of a server', ({ clients }, observe) =>
    observe(clients),
  ),
  counterPerServer(
    'cache.server.evictions',
    '{key}',
    'Keys that a server removed to make room',
    ({ evicted }, observe) => observe(evicted),
  ),
  defineDistribution(
    'cache.compute.duration',
    's',
    'Duration of computations',
    'compute',
    ({ duration, outcome }) => ({
      value: duration / 1_000,
      labels: { 'cache.outcome': outcome },
    }),
  ),
  defineDistribution(
    'cache.store.duration',
    's',
    'Duration of calls of shared stores',
    'store',
    ({ duration, tier, operation, ok }) => ({
      value: duration / 1_000,
      labels: { 'cache.tier': tier, 'cache.operation': operation, 'cache.outcome': ok ? 'ok' : 'error' },
    }),
  ),
  defineDistribution(
    'cache.join.duration',
    's',
    'Time that joined callers waited for a computation',
    'join',
    (event) => ({
      value: event.duration / 1_000,
    }),
  ),
  defineDistribution(
    'cache.invalidation.delay',
    's',
    'Time from the log to this process, for invalidations of other processes',
    'apply',
    ({ delay }) => ({ value: Math.max(0, delay) / 1_000 }),
  ),
  defineDistribution(
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
