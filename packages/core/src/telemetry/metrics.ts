import type { CacheStats } from '../contracts/stats'
import type { Emitter } from './emitter'
import { type Distribution, instruments, type Reading } from './instruments'
import type { Meter, MetricsApi, Observable, ObserveCallback, TelemetryOptions } from './open-telemetry'

/** What is measured. */
export interface MetricsSource {
  readonly name: string
  readonly emitter: Emitter
  stats(): CacheStats
}

const readings = instruments.filter((one): one is Reading => one.kind !== 'histogram')
const distributions = instruments.filter((one): one is Distribution => one.kind === 'histogram')

/**
 * Offers the metrics to OpenTelemetry and returns an end to that. Without OpenTelemetry nothing is listened to, so
 * nothing is paid.
 */
export function observeMetrics(source: MetricsSource, options: TelemetryOptions | undefined): () => void {
  return options?.metrics === undefined ? () => undefined : attachTo(options.metrics, source)
}

type Record = (at: number, value: number, labels: Readonly<globalThis.Record<string, string>>) => void

/**
 * Instruments made before the SDK starts stay without effect for good: the API has no meter that catches up. So each
 * event that is measured looks whether the provider has changed, and if so the instruments are made anew.
 */
function attachTo(api: MetricsApi, source: MetricsSource): () => void {
  let provider: object | undefined
  let detach: () => void = () => undefined
  let record: Record = () => undefined

  function current(): Record {
    const now = api.getMeterProvider()
    if (now === provider) return record
    detach()
    const meter = api.getMeter('@larder/core')
    detach = observeAll(meter, source)
    record = recordTo(meter, source.name)
    provider = now
    return record
  }

  current()
  const offs = distributions.map(({ event, measure }, at) =>
    source.emitter.on(event, (told) => {
      const { value, labels = {} } = measure(told)
      current()(at, value, labels)
    }),
  )
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
      read(source.stats(), (value, labels) => result.observe(value, { 'cache.name': source.name, ...labels }))
    instrument.addCallback(callback)
    return [instrument, callback]
  })
  return () => {
    for (const [instrument, callback] of attached) instrument.removeCallback(callback)
  }
}

function recordTo(meter: Meter, cache: string): Record {
  const histograms = distributions.map(({ name, unit, description, bounds }) =>
    meter.createHistogram(name, { unit, description, advice: { explicitBucketBoundaries: [...bounds] } }),
  )
  return (at, value, labels) => histograms[at]?.record(value, { 'cache.name': cache, ...labels })
}
