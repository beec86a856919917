import { context, metrics, SpanStatusCode, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { afterEach, describe, expect, test } from 'vitest'
import { createCache, type TelemetryOptions } from '../../src/index'
import { manualClock } from '../support/manual-clock'
import { mapStore } from '../support/map-tier'

const cacheWith = (telemetry: TelemetryOptions) =>
  createCache({ name: 'test', store: mapStore(), clock: manualClock(), telemetry })

function startMetrics() {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 })
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }))
  return async () => {
    await reader.forceFlush()
    return (
      exporter
        .getMetrics()
        .at(-1)
        ?.scopeMetrics.flatMap((scope) => scope.metrics) ?? []
    )
  }
}

function startTracing() {
  const exporter = new InMemorySpanExporter()
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  trace.setGlobalTracerProvider(
    new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }),
  )
  return exporter
}

afterEach(() => {
  metrics.disable()
  trace.disable()
  context.disable()
})

describe('metrics', () => {
  test('say what the counters say, and never name a key', async () => {
    const collect = startMetrics()
    const cache = cacheWith({ metrics })
    await cache.getOrCompute('secret-key', () => 1)
    await cache.getOrCompute('secret-key', () => 1)
    const found = await collect()
    const requests = found.find(({ descriptor }) => descriptor.name === 'cache.requests')
    const points = requests?.dataPoints.map(({ attributes, value }) => [attributes, value])
    expect(points).toContainEqual([{ 'cache.name': 'test', 'cache.result': 'hit', 'cache.tier': 'map' }, 1])
    expect(points).toContainEqual([{ 'cache.name': 'test', 'cache.result': 'miss' }, 1])
    expect(found.map(({ descriptor }) => descriptor.name)).toContain('cache.compute.duration')
    expect(JSON.stringify(found)).not.toContain('secret-key')
  })

  test('are there even if the SDK starts after the cache', async () => {
    const cache = cacheWith({ metrics })
    await cache.getOrCompute('a', () => 1)
    const collect = startMetrics()
    await cache.getOrCompute('b', () => 1)
    expect((await collect()).map(({ descriptor }) => descriptor.name)).toContain('cache.requests')
  })

  test('end with the cache', async () => {
    const collect = startMetrics()
    const cache = cacheWith({ metrics })
    await cache.close()
    expect(await collect()).toEqual([])
  })
})

describe('tracing', () => {
  test('puts a span around a computation, and the spans of its queries below it', async () => {
    const exporter = startTracing()
    const cache = cacheWith({ trace })
    await cache.getOrCompute('k', () =>
      trace.getTracer('db').startActiveSpan('SELECT', async (span) => span.end()),
    )
    const [query, compute] = exporter.getFinishedSpans()
    expect(compute).toMatchObject({ name: 'larder.compute', attributes: { 'cache.name': 'test' } })
    expect(query?.parentSpanContext?.spanId).toBe(compute?.spanContext().spanId)
    expect(compute?.attributes).not.toHaveProperty('cache.key')
  })

  test('marks a computation that failed', async () => {
    const exporter = startTracing()
    const failing = cacheWith({ trace, traceKeys: true }).getOrCompute('k', () =>
      Promise.reject(new Error('down')),
    )
    await expect(failing).rejects.toThrow('down')
    const [span] = exporter.getFinishedSpans()
    expect(span).toMatchObject({
      status: { code: SpanStatusCode.ERROR, message: 'down' },
      attributes: { 'cache.key': 'k' },
    })
  })
})
