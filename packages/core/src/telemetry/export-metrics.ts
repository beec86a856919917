import type { CacheStats } from '../contracts/stats'
import type { Emitter } from './emitter'
import { type Distribution, instruments, type Reading } from './metric-instruments'
import type { Meter, MetricsApi, Observable, ObserveCallback, TelemetryOptions } from './open-telemetry'

/** The cache whose metrics are exported. */
interface MetricsSource {
  readonly name: string
  readonly emitter: Emitter
  stats(): CacheStats
}

const readings = instruments.filter((one): one is Reading => one.kind !== 'histogram')
const distributions = instruments.filter((one): one is Distribution => one.kind === 'histogram')

/**
 * Exports the metrics of a cache to OpenTelemetry. Returns a function that stops it. Without OpenTelemetry no event is
 * subscribed to, so metrics cost nothing.
 */
export function observeMetrics(source: MetricsSource, options: TelemetryOptions | undefined): () => void {
  return options?.metrics === undefined ? () => undefined : attachToProvider(options.metrics, source)
}

type RecordValue = (index: number, value: number, labels: Readonly<Record<string, string>>) => void

/**
 * Instruments created before the SDK starts never take effect, because the metrics API has no delegating meter. So each
 * recorded event checks whether the provider has changed, and if so creates the instruments again.
 */
function attachToProvider(api: MetricsApi, source: MetricsSource): () => void {
  let provider: object | undefined
  let detachReadings: () => void = () => undefined
  let recordValue: RecordValue = () => undefined

  function currentRecorder(): RecordValue {
    const latest = api.getMeterProvider()
    if (latest === provider) return recordValue
    detachReadings()
    const meter = api.getMeter('@larder/core')
    detachReadings = observeReadings(meter, source)
    recordValue = createHistograms(meter, source.name)
    provider = latest
    return recordValue
  }

  currentRecorder()
  const unsubscribes = distributions.map(({ event: name, measure }, index) =>
    source.emitter.on(name, (event) => {
      const { value, labels = {} } = measure(event)
      currentRecorder()(index, value, labels)
    }),
  )
  return () => {
    detachReadings()
    for (const unsubscribe of unsubscribes) unsubscribe()
  }
}

function observeReadings(meter: Meter, source: MetricsSource): () => void {
  const attached = readings.map(({ name, unit, description, kind, read }): [Observable, ObserveCallback] => {
    const instrument =
      kind === 'counter'
        ? meter.createObservableCounter(name, { unit, description })
        : meter.createObservableGauge(name, { unit, description })
    const observeAll: ObserveCallback = (result) =>
      read(source.stats(), (value, labels) => result.observe(value, { 'cache.name': source.name, ...labels }))
    instrument.addCallback(observeAll)
    return [instrument, observeAll]
  })
  return () => {
    for (const [instrument, observeAll] of attached) instrument.removeCallback(observeAll)
  }
}

function createHistograms(meter: Meter, cache: string): RecordValue {
  const histograms = distributions.map(({ name, unit, description, bounds }) =>
    meter.createHistogram(name, { unit, description, advice: { explicitBucketBoundaries: [...bounds] } }),
  )
  return (index, value, labels) => histograms[index]?.record(value, { 'cache.name': cache, ...labels })
}
