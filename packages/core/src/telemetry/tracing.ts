import { errorMessageOf } from './error-message'
import type { CountedKey } from './function-counts'
import type { Span, SpanOptions, TelemetryOptions } from './open-telemetry'

/** Creates spans around computations. */
interface Tracing {
  /**
   * Runs a computation inside a span, so that the spans of its queries become children of it. A background computation
   * belongs to no caller's trace: it starts a new one, linked to the span that triggered it.
   */
  traceComputation<T>(
    computed: CountedKey,
    run: () => T | PromiseLike<T>,
    background?: boolean,
  ): T | PromiseLike<T>
}

/** `SpanStatusCode.ERROR` of OpenTelemetry. */
const errorStatus = 2

const noTracing: Tracing = { traceComputation: (_computed, run) => run() }

/** Creates the tracing of a cache. If the tracer throws, the span is lost, but the computation runs exactly once. */
export function createTracing(cache: string, options: TelemetryOptions | undefined): Tracing {
  const { trace, traceKeys = false } = options ?? {}
  if (trace === undefined) return noTracing

  function spanOptions({ key, counts }: CountedKey, background: boolean): SpanOptions {
    const attributes = {
      'cache.name': cache,
      'cache.function': counts.name,
      ...(traceKeys && { 'cache.key': key }),
      ...(background && { 'cache.background': true }),
    }
    return background ? { attributes, root: true, links: linksTo(trace?.getActiveSpan()) } : { attributes }
  }

  return {
    traceComputation<T>(
      computed: CountedKey,
      run: () => T | PromiseLike<T>,
      background = false,
    ): T | PromiseLike<T> {
      let running: Promise<T> | undefined
      try {
        return trace
          .getTracer('@larder/core')
          .startActiveSpan('larder.compute', spanOptions(computed, background), (span) => {
            running = runInSpan(span, run)
            return running
          })
      } catch {
        return running ?? run()
      }
    },
  }
}

function linksTo(span: Span | undefined) {
  return span === undefined ? [] : [{ context: span.spanContext() }]
}

async function runInSpan<T>(span: Span, run: () => T | PromiseLike<T>): Promise<T> {
  try {
    return await run()
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

/** Span processors run inside these calls; their exceptions must not replace the result of the computation. */
function ignoreErrors(call: () => void): void {
  try {
    call()
  } catch {
    // The span is lost. OpenTelemetry reports its own errors.
  }
}
