import type {
  InstrumentOptions,
  Meter,
  MetricsApi,
  Observable,
  ObserveCallback,
  TelemetryOptions,
} from './open-telemetry'
import { type MetricsSource, readings } from './readings'

/**
 * Offers the metrics to OpenTelemetry and returns an end to that. Without OpenTelemetry nothing is listened to, so
 * nothing is paid.
 */
export function observeMetrics(source: MetricsSource, options: TelemetryOptions | undefined): () => void {
  return options?.metrics === undefined ? () => undefined : attachTo(options.metrics, source)
}

/**
 * Instruments made before the SDK starts stay without effect for good: the API has no meter that catches up. So each
 * computation and each call of a store looks whether the provider has changed, and if so the instruments are made anew.
 */
function attachTo(api: MetricsApi, source: MetricsSource): () => void {
  let provider: object | undefined
  let detach: () => void = () => undefined
  let histograms: Histograms

  function current(): Histograms {
    const now = api.getMeterProvider()
    if (now === provider) return histograms
    detach()
    const meter = api.getMeter('@larder/core')
    detach = observeAll(meter, source)
    histograms = createHistograms(meter, source.name)
    provider = now
    return histograms
  }

  current()
  const offs = [
    source.emitter.on('compute', ({ duration, outcome }) => current().compute(duration, outcome)),
    source.emitter.on('store', ({ duration, tier, operation, ok }) =>
      current().store(duration, tier, operation, ok),
    ),
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

/** Durations in seconds, with the buckets that OpenTelemetry advises for calls of databases. */
function seconds(description: string): InstrumentOptions {
  const explicitBucketBoundaries = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10]
  return { description, unit: 's', advice: { explicitBucketBoundaries } }
}

function createHistograms(meter: Meter, cache: string) {
  const compute = meter.createHistogram('cache.compute.duration', seconds('Duration of computations'))
  const store = meter.createHistogram('cache.store.duration', seconds('Duration of calls of shared stores'))
  return {
    compute: (ms: number, outcome: string) =>
      compute.record(ms / 1_000, { 'cache.name': cache, 'cache.outcome': outcome }),
    store: (ms: number, tier: string, operation: string, ok: boolean) =>
      store.record(ms / 1_000, {
        'cache.name': cache,
        'cache.tier': tier,
        'cache.operation': operation,
        'cache.outcome': ok ? 'ok' : 'error',
      }),
  }
}

type Histograms = ReturnType<typeof createHistograms>
