import { type Cache, type Distribution, type Instrument, instruments } from '@larder/core'
import type { Family, Sample } from './family'
import { createHistogram, type Histogram } from './histogram'
import { labelName, metricName } from './names'

/** Reads the metrics of caches when asked, and counts what their events tell meanwhile. */
export function createCollector(caches: readonly Cache[]) {
  const histograms = new Map<Instrument, Histogram>()
  const offs: (() => void)[] = []

  function follow(instrument: Distribution): void {
    const histogram = createHistogram(instrument.bounds)
    histograms.set(instrument, histogram)
    for (const cache of caches)
      offs.push(
        cache.on(instrument.event, (event) => {
          const { value, labels = {} } = instrument.measure(event)
          histogram.record(value, labelled(cache, labels))
        }),
      )
  }

  function samplesOf(instrument: Instrument, name: string): Sample[] {
    if (instrument.kind === 'histogram') return histograms.get(instrument)?.samples(name) ?? []
    return caches.flatMap((cache) => {
      const samples: Sample[] = []
      instrument.read(cache.stats(), (value, labels = {}) =>
        samples.push({ metricName: name, labels: labelled(cache, labels), value }),
      )
      return samples
    })
  }

  for (const instrument of instruments) if (instrument.kind === 'histogram') follow(instrument)

  return {
    family(instrument: Instrument): Family {
      const name = metricName(instrument)
      const { kind: type, description: help } = instrument
      return { name, help, type, values: samplesOf(instrument, name) }
    },
    close(): void {
      for (const off of offs) off()
    },
  }
}

function labelled(cache: Cache, labels: Readonly<Record<string, string>>): Record<string, string> {
  const own = Object.entries(labels).map(([name, text]) => [labelName(name), text] as const)
  return { cache_name: cache.name, ...Object.fromEntries(own) }
}
