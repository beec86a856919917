import { errorMessageOf } from './error-message'
import type { CountedKey } from './function-counts'
import type { Attributes, Span, SpanContext, SpanOptions, TelemetryOptions, TraceApi } from './open-telemetry'

/** A computation, as far as its span describes it. `waitNode` is the flight that callers join. */
interface TracedComputation {
  readonly request: CountedKey
  readonly waitNode: object
  readonly isBackground: boolean
}

type Run<T> = () => T | PromiseLike<T>

/** Creates spans around computations, and around the waits of callers that have a span. */
export interface Tracing {
  /**
   * Runs a computation inside a span, so that the spans of its queries become children of it. A background computation
   * belongs to no caller's trace: it starts a new one, linked to the span that triggered it.
   */
  traceComputation<T>(computation: TracedComputation, run: Run<T>): T | PromiseLike<T>
  /** Traces the wait of a caller for the flight of another one, whose computation may belong to another trace: by a link. */
  traceJoin<T>(joiner: CountedKey, flight: object, wait: () => Promise<T>): Promise<T>
  /** Traces a wait for the process that holds the lease of a key. */
  traceLeaseWait<T>(key: string, wait: () => Promise<T>): Promise<T>
  /** Traces a call of the store with this name. Undefined without a tracer. */
  readonly traceStoreCall:
    | (<T>(tier: string, operation: string, call: () => Promise<T>) => Promise<T>)
    | undefined
}

/** `SpanStatusCode.ERROR` of OpenTelemetry. */
const errorStatus = 2

const noTracing: Tracing = {
  traceComputation: (_computation, run) => run(),
  traceJoin: (_joiner, _flight, wait) => wait(),
  traceLeaseWait: (_key, wait) => wait(),
  traceStoreCall: undefined,
}

/** Creates the tracing of a cache. If the tracer throws, the span is lost, but what it is around runs exactly once. */
export function createTracing(cache: string, options: TelemetryOptions | undefined): Tracing {
  const { trace, traceKeys = false } = options ?? {}
  if (trace === undefined) return noTracing
  const { traceRun, traceWait } = createSpans(trace)
  /** The spans of computations, by the flights that callers join. */
  const computations = new WeakMap<object, SpanContext>()

  const attributesOf = (more: Attributes, key?: string): Attributes => ({
    'cache.name': cache,
    ...more,
    ...(traceKeys && key !== undefined && { 'cache.key': key }),
  })
  const describeRead = ({ key, counts }: CountedKey) => attributesOf({ 'cache.function': counts.name }, key)

  function describeComputation({ request, isBackground }: TracedComputation): SpanOptions {
    const attributes = describeRead(request)
    if (!isBackground) return { attributes }
    const links = linksTo(trace?.getActiveSpan())
    return { attributes: { ...attributes, 'cache.background': true }, root: true, links }
  }

  return {
    traceComputation(computation, run) {
      const describe = () => describeComputation(computation)
      return traceRun('larder.compute', describe, (span) => {
        if (span !== undefined) ignoreErrors(() => computations.set(computation.waitNode, span.spanContext()))
        return run()
      })
    },
    traceJoin(joiner, flight, wait) {
      const describe = () => ({ attributes: describeRead(joiner) })
      return traceWait('larder.join', describe, async (span) => {
        try {
          return await wait()
        } finally {
          // At the end, because a flight looks up the stores before it computes.
          const context = computations.get(flight)
          if (context !== undefined) ignoreErrors(() => span?.addLink?.({ context }))
        }
      })
    },
    traceLeaseWait: (key, wait) =>
      traceWait('larder.lease.wait', () => ({ attributes: attributesOf({}, key) }), wait),
    traceStoreCall(tier, operation, call) {
      const attributes = { 'cache.tier': tier, 'cache.operation': operation }
      return traceWait('larder.store', () => ({ attributes: attributesOf(attributes) }), call)
    },
  }
}

/** Runs functions inside spans of a tracer. */
function createSpans(trace: TraceApi) {
  function traceRun<T>(
    name: string,
    describe: () => SpanOptions,
    run: (span?: Span) => T | PromiseLike<T>,
  ): T | PromiseLike<T> {
    let running: Promise<T> | undefined
    try {
      return trace.getTracer('@larder/core').startActiveSpan(name, describe(), (span) => {
        running = runInSpan(span, run)
        return running
      })
    } catch {
      return running ?? run()
    }
  }

  /** A wait belongs to the trace of its caller. Without one, as when the log is polled, it has no span. */
  function traceWait<T>(
    name: string,
    describe: () => SpanOptions,
    wait: (span?: Span) => Promise<T>,
  ): Promise<T> {
    return hasActiveSpan() ? Promise.resolve(traceRun(name, describe, wait)) : wait()
  }

  function hasActiveSpan(): boolean {
    try {
      return trace.getActiveSpan() !== undefined
    } catch {
      return false
    }
  }

  return { traceRun, traceWait }
}

function linksTo(span: Span | undefined) {
  return span === undefined ? [] : [{ context: span.spanContext() }]
}

async function runInSpan<T>(span: Span, run: (span: Span) => T | PromiseLike<T>): Promise<T> {
  try {
    return await run(span)
  } catch (error) {
    ignoreErrors(() => markFailed(span, error))
    throw error
  } finally {
    ignoreErrors(() => span.end())
  }
}

function markFailed(span: Span, error: unknown): void {
  const message = errorMessageOf(error)
  span.setStatus({ code: errorStatus, message })
  span.recordException(error instanceof Error ? error : message)
}

/** Span processors run inside these calls; their exceptions must not replace the result of what is traced. */
function ignoreErrors(call: () => void): void {
  try {
    call()
  } catch {
    // The span is lost. OpenTelemetry reports its own errors.
  }
}
