import { type Cache, instruments, LarderError } from '@larder/core'
import { createCollector } from './exposition/collector'
import { contentType, formatText } from './exposition/text'

/** The part of a prom-client registry that is needed. */
export interface PrometheusRegistry {
  getSingleMetric(name: string): unknown
  registerMetric(metric: never): void
  removeSingleMetric(name: string): void
}

/** The metrics of some caches for Prometheus. */
export interface PrometheusMetrics {
  /** Everything in the text format of Prometheus. */
  text(): string
  /** For the response that {@link PrometheusMetrics.text} goes out with. */
  readonly contentType: string
  /**
   * Adds the metrics to a registry of prom-client, which from then on shows them with its own.
   * @throws LarderError `BAD_OPTION` if the registry has metrics of these names already.
   */
  registerTo(registry: PrometheusRegistry): void
  /** Stops counting, and leaves the registries. */
  close(): void
}

/**
 * Offers the metrics of one or more caches to Prometheus. Nothing is computed before somebody asks.
 *
 * @example
 * ```ts
 * const metrics = prometheusMetrics(cache)
 * app.get('/metrics', (req, res) => res.type(metrics.contentType).send(metrics.text()))
 * ```
 */
export function prometheusMetrics(...caches: readonly Cache[]): PrometheusMetrics {
  const collector = createCollector(caches)
  const leave: (() => void)[] = [collector.close]

  return {
    contentType,
    text: () => formatText(instruments.map(collector.family)),
    registerTo(registry) {
      for (const instrument of instruments) {
        const { name, help, type } = collector.family(instrument)
        if (registry.getSingleMetric(name) !== undefined)
          throw new LarderError(
            'BAD_OPTION',
            `The registry has a metric "${name}" already. Give all caches to one call: prometheusMetrics(one, two).`,
          )
        // What workers of a cluster tell together: how much in all, or the worst of them.
        const aggregator = type === 'gauge' ? 'max' : 'sum'
        const metric = { name, help, type, aggregator, get: async () => collector.family(instrument) }
        registry.registerMetric(metric as never)
        leave.push(() => registry.removeSingleMetric(name))
      }
    },
    close() {
      for (const end of leave.splice(0)) end()
    },
  }
}
