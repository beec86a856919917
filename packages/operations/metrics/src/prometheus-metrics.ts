import { type Cache, kindOf, LarderError, type Service, toMetricSource } from '@larder/core'
import { createCollector } from './exposition/collector'
import { contentType, formatText } from './exposition/text-format'

/** The part of a prom-client registry that Larder uses. */
export interface PrometheusRegistry {
  getSingleMetric(name: string): unknown
  registerMetric(metric: never): void
  removeSingleMetric(name: string): void
}

/** The Prometheus metrics of caches and services. */
export interface PrometheusMetrics {
  /** The current values of all metrics in the Prometheus text format. */
  text(): string
  /** The content type for a response with {@link PrometheusMetrics.text}. */
  readonly contentType: string
  /**
   * Adds the metrics to a prom-client registry, which then includes them in its own output.
   * @throws LarderError `BAD_OPTION` if the registry already has a metric with one of the names.
   */
  registerTo(registry: PrometheusRegistry): void
  /** Removes the event listeners from caches and services, and the metrics from the registries. */
  close(): void
}

const sourceKind = kindOf(
  'a cache or a service, as in prometheusMetrics(cache, limiter.service)',
  (value) => {
    const { instruments, stats, on } = Object(value) as Partial<Record<string, unknown>>
    return Array.isArray(instruments) || (typeof stats === 'function' && typeof on === 'function')
  },
)

/**
 * Exposes the metrics of caches, and of services such as rate limiters, to Prometheus. Values are collected when they are
 * scraped.
 *
 * @example
 * ```ts
 * const metrics = prometheusMetrics(cache, limiter.service)
 * app.get('/metrics', (req, res) => res.type(metrics.contentType).send(metrics.text()))
 * ```
 * @throws LarderError `BAD_OPTION` for anything else than a cache or a service.
 */
export function prometheusMetrics(...sources: readonly (Cache | Service)[]): PrometheusMetrics {
  for (const source of sources) sourceKind(source, 'prometheusMetrics: each argument')
  const collector = createCollector(sources.map(toMetricSource))
  const closers: (() => void)[] = [collector.close]

  return {
    contentType,
    text: () => formatText(collector.metrics.map(collector.collectFamily)),
    registerTo(registry) {
      for (const metric of collector.metrics) {
        const { name, help, type } = collector.collectFamily(metric)
        if (registry.getSingleMetric(name) !== undefined)
          throw new LarderError(
            'BAD_OPTION',
            `The registry already has a metric "${name}". Pass all caches and services to one call: prometheusMetrics(one, two).`,
          )
        // How prom-client combines the workers of a Node cluster: the sum of counts, the maximum of gauges.
        const aggregator = type === 'gauge' ? 'max' : 'sum'
        const collected = {
          name,
          help,
          type,
          aggregator,
          // In OpenMetrics mode, prom-client renames the metric: it takes `_total` from the name of a counter, and adds it to
          // each sample.
          get: async () => ({ ...collector.collectFamily(metric), name: collected.name }),
        }
        registry.registerMetric(collected as never)
        closers.push(() => registry.removeSingleMetric(name))
      }
    },
    close() {
      for (const close of closers.splice(0)) close()
    },
  }
}
