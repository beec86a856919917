import type { Cache } from '../contracts/cache'
import type { Service } from '../contracts/service'
import type { CacheStats } from '../contracts/stats'
import { runAsPromiseJob } from '../real-scheduling'
import type { Instrument } from './instrument'
import { instruments } from './metric-instruments'

/** A cache or a service whose metrics are exported. */
export interface MetricSource {
  /** The label with its name. */
  readonly label: Readonly<Record<string, string>>
  readonly instruments: Service['instruments']
}

type MeasuredCache = Pick<Cache, 'name' | 'stats' | 'on'>

/** The metrics of a cache or a service with their label, for an exporter. */
export function toMetricSource(given: MeasuredCache | Service): MetricSource {
  if ('instruments' in given)
    return { label: { [`${given.kind}.name`]: given.name }, instruments: given.instruments }
  const takeSnapshot = createSnapshots(given)
  return {
    label: { 'cache.name': given.name },
    instruments: instruments.map((instrument) => bindInstrument(given, takeSnapshot, instrument)),
  }
}

/** Collectors read all instruments in one turn of the event loop: these readings share one snapshot of the stats. */
function createSnapshots(cache: MeasuredCache): () => CacheStats {
  let snapshot: CacheStats | undefined

  return () => {
    if (snapshot === undefined) {
      snapshot = cache.stats()
      runAsPromiseJob(() => {
        snapshot = undefined
      })
    }
    return snapshot
  }
}

function bindInstrument(
  cache: MeasuredCache,
  takeSnapshot: () => CacheStats,
  instrument: Instrument,
): Service['instruments'][number] {
  const { name, unit, description } = instrument
  if (instrument.kind !== 'histogram') {
    const { kind, read } = instrument
    return { kind, name, unit, description, read: (observe) => read(takeSnapshot(), observe) }
  }
  const { kind, bounds, event, measure } = instrument
  return {
    kind,
    name,
    unit,
    description,
    bounds,
    listen: (record) =>
      cache.on(event, (details) => {
        const { value, labels } = measure(details)
        record(value, labels)
      }),
  }
}
