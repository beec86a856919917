import type { Cache } from '../contracts/cache'
import type { Observe, Service } from '../contracts/service'
import { type MetricSource, toMetricSource } from './metric-source'
import type { Meter, MetricsApi, Observable, ObserveCallback } from './open-telemetry'

/**
 * Exports the metrics of a service beside the cache, such as a rate limiter, to OpenTelemetry, once its SDK has started. Those
 * of a cache are exported with its option `telemetry`.
 *
 * @returns a function that ends it
 * @example
 * ```ts
 * import { metrics } from '@opentelemetry/api'
 * const stopExporting = exportMetrics(limiter.service, metrics)
 * ```
 */
export function exportMetrics(
  given: Pick<Cache, 'name' | 'stats' | 'on'> | Service,
  metrics: MetricsApi,
): () => void {
  return attachToProvider(metrics, toMetricSource(given))
}

/**
 * Instruments created before the SDK starts never take effect, because the metrics API has no delegating meter. So each
 * recorded value checks whether the provider has changed, and if so creates the instruments again.
 */
function attachToProvider(api: MetricsApi, source: MetricSource): () => void {
  let provider: object | undefined
  let detachReadings: () => void = () => undefined
  let recorders: ReadonlyMap<string, Observe> = new Map()

  function followProvider(): void {
    const latest = api.getMeterProvider()
    if (latest === provider) return
    detachReadings()
    const meter = api.getMeter('@larder/core')
    detachReadings = observeReadings(meter, source)
    recorders = createHistograms(meter, source)
    provider = latest
  }

  followProvider()
  const unsubscribes = source.instruments.map((instrument) => {
    if (instrument.kind !== 'histogram') return () => undefined
    return instrument.listen((value, labels) => {
      followProvider()
      recorders.get(instrument.name)?.(value, labels)
    })
  })
  return () => {
    detachReadings()
    for (const unsubscribe of unsubscribes) unsubscribe()
  }
}

function observeReadings(meter: Meter, { label, instruments }: MetricSource): () => void {
  const attached = instruments.flatMap((reading): [Observable, ObserveCallback][] => {
    if (reading.kind === 'histogram') return []
    const { name, unit, description, kind } = reading
    const instrument =
      kind === 'counter'
        ? meter.createObservableCounter(name, { unit, description })
        : meter.createObservableGauge(name, { unit, description })
    const observeAll: ObserveCallback = (result) =>
      reading.read((value, labels) => result.observe(value, { ...label, ...labels }))
    instrument.addCallback(observeAll)
    return [[instrument, observeAll]]
  })
  return () => {
    for (const [instrument, observeAll] of attached) instrument.removeCallback(observeAll)
  }
}

function createHistograms(meter: Meter, { label, instruments }: MetricSource): ReadonlyMap<string, Observe> {
  const recorders = new Map<string, Observe>()
  for (const instrument of instruments) {
    if (instrument.kind !== 'histogram') continue
    const { name, unit, description, bounds } = instrument
    const advice = { explicitBucketBoundaries: [...bounds] }
    const histogram = meter.createHistogram(name, { unit, description, advice })
    recorders.set(name, (value, labels) => histogram.record(value, { ...label, ...labels }))
  }
  return recorders
}
