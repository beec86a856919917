import type { MetricDefinition, MetricSource, Observe } from '@larder/core'
import type { Family, Sample } from './family'
import { createHistogram, type Histogram } from './histogram'
import { labelName, metricName } from './prometheus-names'

type Labels = Readonly<Record<string, string>>

/** Reads counters and gauges of the sources on demand, and fills histograms as values are recorded. */
export function createCollector(sources: readonly MetricSource[]) {
  const histograms = new Map<string, Histogram>()
  const unsubscribes: (() => void)[] = []
  /** Sources of one kind have the same metrics. */
  const metrics = new Map<string, MetricDefinition>()

  for (const { instruments, label } of sources)
    for (const instrument of instruments) {
      metrics.set(instrument.name, instrument)
      if (instrument.kind !== 'histogram') continue
      const histogram = histograms.get(instrument.name) ?? createHistogram(instrument.bounds)
      histograms.set(instrument.name, histogram)
      const record: Observe = (value, labels) =>
        histogram.recordValue(value, toPrometheusLabels({ ...label, ...labels }))
      unsubscribes.push(instrument.listen(record))
    }

  function readSamples(metric: string): Sample[] {
    const samples: Sample[] = []
    for (const { instruments, label } of sources)
      for (const instrument of instruments) {
        if (instrument.name !== metric || instrument.kind === 'histogram') continue
        instrument.read((value, labels) =>
          samples.push({ labels: toPrometheusLabels({ ...label, ...labels }), value }),
        )
      }
    return samples
  }

  return {
    metrics: [...metrics.values()],
    collectFamily(metric: MetricDefinition): Family {
      const name = metricName(metric)
      const { kind: type, description: help } = metric
      const values = histograms.get(metric.name)?.samplesOf(name) ?? readSamples(metric.name)
      return { name, help, type, values }
    },
    /** Stops recording. */
    close(): void {
      for (const unsubscribe of unsubscribes) unsubscribe()
    },
  }
}

function toPrometheusLabels(labels: Labels): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).map(([name, text]) => [labelName(name), text]))
}
