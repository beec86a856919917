import { type Cache, type Distribution, type Instrument, instruments } from '@larder/core'
import type { Family, Sample } from './family'
import { createHistogram, type Histogram } from './histogram'
import { labelName, metricName } from './prometheus-names'

/** Reads counters and gauges from the caches' statistics on demand, and fills histograms from their events. */
export function createCollector(caches: readonly Cache[]) {
  const histograms = new Map<Instrument, Histogram>()
  const unsubscribes: (() => void)[] = []

  function startHistogram(instrument: Distribution): void {
    const histogram = createHistogram(instrument.bounds)
    histograms.set(instrument, histogram)
    for (const cache of caches)
      unsubscribes.push(
        cache.on(instrument.event, (event) => {
          const { value, labels = {} } = instrument.measure(event)
          histogram.recordValue(value, toPrometheusLabels(cache, labels))
        }),
      )
  }

  function samplesOf(instrument: Instrument, name: string): Sample[] {
    if (instrument.kind === 'histogram') return histograms.get(instrument)?.samplesOf(name) ?? []
    return caches.flatMap((cache) => {
      const samples: Sample[] = []
      instrument.read(cache.stats(), (value, labels = {}) =>
        samples.push({ labels: toPrometheusLabels(cache, labels), value }),
      )
      return samples
    })
  }

  for (const instrument of instruments) if (instrument.kind === 'histogram') startHistogram(instrument)

  return {
    collectFamily(instrument: Instrument): Family {
      const name = metricName(instrument)
      const { kind: type, description: help } = instrument
      return { name, help, type, values: samplesOf(instrument, name) }
    },
    /** Removes the event listeners from the caches. */
    close(): void {
      for (const unsubscribe of unsubscribes) unsubscribe()
    },
  }
}

function toPrometheusLabels(cache: Cache, labels: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(labels).map(([name, text]) => [labelName(name), text] as const)
  return { cache_name: cache.name, ...Object.fromEntries(entries) }
}
