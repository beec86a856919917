import { AsyncResource } from 'node:async_hooks'
import { SpanStatusCode, trace } from '@opentelemetry/api'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { createCache, type TelemetryOptions } from '../../src/index'
import { createTracing } from '../../src/telemetry/tracing'
import { blockedComputation } from '../support/blocked-computation'
import { manualClock } from '../support/manual-clock'
import { mapStore } from '../support/map-tier'
import { startTracing, stopTelemetry } from '../support/open-telemetry'
import { createWire, createWorld, type Wire } from '../support/world'

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
  const computation = { request: { key: 'k', counts: { name: '*' } }, waitNode: {}, isBackground: true }
  await createTracing('test', { trace }).traceComputation(computation as never, query)
  expect(exporter.getFinishedSpans()[1]?.links).toEqual([])
})

const inRequest = <T>(name: string, run: () => Promise<T>) =>
  trace.getTracer('app').startActiveSpan(name, async (span) => {
    try {
      return await run()
    } finally {
      span.end()
    }
  })

/** A manual clock whose tasks run in the context that set them, as those of real timers do. */
function contextualClock() {
  const clock = manualClock()
  const { timeout, background } = clock
  return Object.assign(clock, {
    timeout: (delay: number, task: () => void) => timeout(delay, AsyncResource.bind(task)),
    background: (delay: number, task: () => void) => background(delay, AsyncResource.bind(task)),
  })
}

/** Two processes on one shared store without local tiers, and the spans of both by name. */
async function startProcesses() {
  const exporter = startTracing()
  const clock = contextualClock()
  const world = createWorld(clock)
  const wires = [createWire(), createWire()] as const
  const openCache = (wire: Wire) =>
    createCache({ name: 'test', store: world.store({ local: false, wire }), clock, telemetry: { trace } })
  const caches = [openCache(wires[0]), openCache(wires[1])] as const
  await clock.advance(1_000)
  return {
    exporter,
    clock,
    caches,
    wires,
    spansOf: (name: string) => exporter.getFinishedSpans().filter((span) => span.name === name),
  }
}

describe('a caller that waits for the computation of another one', () => {
  test('has a span in its own trace that links to the computation', async () => {
    const exporter = startTracing()
    const cache = cacheWith({ trace })
    const { compute, release } = blockedComputation('value')
    const reads = ['first', 'second'].map((name) => inRequest(name, () => cache.getOrCompute('k', compute)))
    await release()
    expect(await Promise.all(reads)).toEqual(['value', 'value'])
    const spans = exporter.getFinishedSpans()
    const [computed, joined, second] = ['larder.compute', 'larder.join', 'second'].map((name) =>
      spans.find((span) => span.name === name),
    )
    expect(joined?.parentSpanContext?.spanId).toBe(second?.spanContext().spanId)
    expect(joined?.spanContext().traceId).not.toBe(computed?.spanContext().traceId)
    expect(joined?.links).toMatchObject([{ context: { spanId: computed?.spanContext().spanId } }])
    expect(joined?.attributes).toEqual({ 'cache.name': 'test', 'cache.function': '*' })
  })

  test('has a span without a link if the value was in the store after all', async () => {
    const { caches, spansOf } = await startProcesses()
    await caches[0].set('k', 'stored')
    const read = () => inRequest('request', () => caches[1].getOrCompute('k', () => 'computed'))
    expect(await Promise.all([read(), read()])).toEqual(['stored', 'stored'])
    expect(spansOf('larder.join')).toMatchObject([{ links: [] }])
    expect(spansOf('larder.compute')).toEqual([])
  })
})

describe('calls of a shared store, and waits for the lease of another process', () => {
  test('have spans in the trace of the caller', async () => {
    const { clock, caches, spansOf } = await startProcesses()
    const { compute, release } = blockedComputation('value')
    const holder = caches[0].getOrCompute('k', compute)
    await clock.advance(10)
    const waiter = inRequest('request', () => caches[1].getOrCompute('k', () => 'own'))
    await clock.advance(1_000)
    await release()
    await clock.advance(1_000)
    expect([await holder, await waiter]).toEqual(['value', 'value'])
    const [request] = spansOf('request')
    const calls = spansOf('larder.store')
    expect(new Set(calls.map(({ attributes }) => attributes['cache.operation']))).toEqual(
      new Set(['get', 'lease']),
    )
    for (const span of [...calls, ...spansOf('larder.lease.wait')])
      expect(span.spanContext().traceId).toBe(request?.spanContext().traceId)
    const waits = spansOf('larder.lease.wait').map(({ parentSpanContext }) => parentSpanContext?.spanId)
    expect(waits).toEqual([request?.spanContext().spanId])
  })

  test('say how they failed', async () => {
    const exporter = startTracing()
    const clock = manualClock()
    const wire = createWire()
    const store = createWorld(clock).store({ local: false, wire })
    const cache = createCache({ name: 'test', store, clock, telemetry: { trace } })
    await clock.advance(1_000)
    wire.mode = 'fail'
    await inRequest('request', () => cache.getOrCompute('k', () => 1))
    const failed = exporter.getFinishedSpans().find(({ name }) => name === 'larder.store')
    expect(failed?.status).toEqual({ code: SpanStatusCode.ERROR, message: 'the wire is cut' })
  })

  test('have none without a caller that has a span, as when the log is polled', async () => {
    const { clock, caches, spansOf } = await startProcesses()
    await caches[0].getOrCompute('k', () => 1)
    await clock.advance(10_000)
    expect(spansOf('larder.store')).toEqual([])
  })
})

test('the trace of a request gets no spans of what goes on in the background after it', async () => {
  const { exporter, clock, caches, wires, spansOf } = await startProcesses()
  const [cache] = caches
  await clock.advance(10_000)
  await inRequest('request', async () => {
    await cache.getOrCompute('k', () => 1)
    await cache.getOrCompute('k', () => 1, { consistency: 'strong' })
    await cache.invalidate('applied')
    wires[0].mode = 'fail'
    await cache.invalidate('queued')
    await cache.getOrCompute('other', () => 1)
  })
  expect(spansOf('larder.store')).not.toEqual([])
  exporter.reset()
  await clock.advance(60_000)
  wires[0].mode = 'work'
  await clock.advance(60_000)
  expect(cache.stats().outbox).toBe(0)
  expect(spansOf('larder.store')).toEqual([])
})

test('without an SDK, only a computation asks for a tracer', async () => {
  const clock = manualClock()
  const getTracer = vi.fn(trace.getTracer.bind(trace))
  const telemetry = { trace: { getTracer, getActiveSpan: () => undefined } }
  const cache = createCache({ name: 'test', store: createWorld(clock).store(), clock, telemetry })
  await clock.advance(1_000)
  await Promise.all([1, 2, 3].map(() => cache.getOrCompute('k', () => 1)))
  await cache.getOrCompute('k', () => 1)
  expect(getTracer).toHaveBeenCalledTimes(1)
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
