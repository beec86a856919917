import { SpanStatusCode, trace } from '@opentelemetry/api'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { createCache, type TelemetryOptions } from '../../src/index'
import { createTracing } from '../../src/telemetry/tracing'
import { manualClock } from '../support/manual-clock'
import { mapStore } from '../support/map-tier'
import { startTracing, stopTelemetry } from '../support/open-telemetry'

const cacheWith = (telemetry: TelemetryOptions) =>
  createCache({ name: 'test', store: mapStore(), clock: manualClock(), telemetry })

const query = () => trace.getTracer('db').startActiveSpan('SELECT', async (span) => span.end())

afterEach(stopTelemetry)

test('a computation has a span that is the parent of the spans of its queries', async () => {
  const exporter = startTracing()
  await cacheWith({ trace }).getOrCompute('k', query)
  const [select, compute] = exporter.getFinishedSpans()
  expect(compute).toMatchObject({ name: 'larder.compute', attributes: { 'cache.name': 'test' } })
  expect(select?.parentSpanContext?.spanId).toBe(compute?.spanContext().spanId)
})

test('a hit creates no span', async () => {
  const exporter = startTracing()
  const cache = cacheWith({ trace })
  await cache.getOrCompute('k', () => 1)
  await cache.getOrCompute('k', () => 1)
  expect(exporter.getFinishedSpans()).toHaveLength(1)
})

test('spans are created even if the SDK starts after the cache', async () => {
  const cache = cacheWith({ trace })
  const exporter = startTracing()
  await cache.getOrCompute('k', () => 1)
  expect(exporter.getFinishedSpans()).toHaveLength(1)
})

test('a span carries its key only with traceKeys', async () => {
  const exporter = startTracing()
  await cacheWith({ trace }).getOrCompute('k', () => 1)
  await cacheWith({ trace, traceKeys: true }).getOrCompute('k', () => 1)
  const [discreet, open] = exporter.getFinishedSpans()
  expect(discreet?.attributes).not.toHaveProperty('cache.key')
  expect(open?.attributes).toHaveProperty('cache.key', 'k')
})

test('the span of a failed computation records its error', async () => {
  const exporter = startTracing()
  const failing = cacheWith({ trace }).getOrCompute('k', () => Promise.reject(new Error('down')))
  await expect(failing).rejects.toThrow('down')
  const [span] = exporter.getFinishedSpans()
  expect(span?.status).toEqual({ code: SpanStatusCode.ERROR, message: 'down' })
  expect(span?.events).toMatchObject([{ name: 'exception', attributes: { 'exception.message': 'down' } }])
})

test('a background computation starts its own trace, linked to the span that triggered it', async () => {
  const exporter = startTracing()
  const clock = manualClock()
  const cache = createCache({ name: 'test', store: mapStore(), clock, telemetry: { trace } })
  const read = () => cache.getOrCompute('k', query, { ttl: '1s', staleWhileRevalidate: '1m' })
  await read()
  exporter.reset()
  await clock.advance(2_000)
  await trace.getTracer('app').startActiveSpan('request', async (request) => {
    await read()
    request.end()
  })
  await clock.advance(1)
  const spans = exporter.getFinishedSpans()
  const [select, compute, request] = ['SELECT', 'larder.compute', 'request'].map((name) =>
    spans.find((span) => span.name === name),
  )
  expect(compute?.parentSpanContext).toBeUndefined()
  expect(compute?.spanContext().traceId).not.toBe(request?.spanContext().traceId)
  expect(compute?.links).toMatchObject([{ context: { spanId: request?.spanContext().spanId } }])
  expect(compute?.attributes).toHaveProperty('cache.background', true)
  expect(select?.parentSpanContext?.spanId).toBe(compute?.spanContext().spanId)
})

test('a background computation without an active span has no link', async () => {
  const exporter = startTracing()
  await createTracing('test', { trace }).traceComputation(
    { key: 'k', counts: { name: '*' } } as never,
    query,
    true,
  )
  expect(exporter.getFinishedSpans()[1]?.links).toEqual([])
})

describe('broken telemetry', () => {
  const broken = () => {
    throw new Error('telemetry is broken')
  }

  test('loses the span, but runs the computation once', async () => {
    const compute = vi.fn(() => 1)
    const cache = cacheWith({ trace: { getTracer: broken, getActiveSpan: broken } })
    expect(await cache.getOrCompute('k', compute)).toBe(1)
    expect(compute).toHaveBeenCalledTimes(1)
  })

  test.each(['onStart', 'onEnd'])('in %s of a span processor does not change the result', async (hook) => {
    const quiet = { onStart: () => {}, onEnd: () => {}, forceFlush: async () => {}, shutdown: async () => {} }
    startTracing({ ...quiet, [hook]: broken })
    const compute = vi.fn(() => 1)
    expect(await cacheWith({ trace }).getOrCompute('k', compute)).toBe(1)
    expect(compute).toHaveBeenCalledTimes(1)
  })

  test('does not replace the error of a computation, even one without a message', async () => {
    startTracing()
    const thrown: unknown = Object.create(null)
    await expect(cacheWith({ trace }).getOrCompute('k', () => Promise.reject(thrown))).rejects.toBe(thrown)
  })
})
