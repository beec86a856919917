import { errorMessageOf } from './error-message'
import type { Span, SpanOptions, TelemetryOptions } from './open-telemetry'

/** Spans around what the cache runs for its callers. */
export interface Tracing {
  /**
   * Puts a span around a computation, so that the spans of its queries hang below it. A computation in the background
   * belongs to no caller's trace: it begins one of its own, which links to the span that set it off.
   */
  traceComputation<T>(key: string, run: () => T | PromiseLike<T>, background?: boolean): T | PromiseLike<T>
}

/** OpenTelemetry's status code for a failed span. */
const failed = 2

const untraced: Tracing = { traceComputation: (_key, run) => run() }

/** A tracer that throws costs its span, never the computation, which runs exactly once. */
export function createTracing(cache: string, options: TelemetryOptions | undefined): Tracing {
  const { trace, traceKeys = false } = options ?? {}
  if (trace === undefined) return untraced

  function describe(key: string, background: boolean): SpanOptions {
    const attributes = {
      'cache.name': cache,
      ...(traceKeys && { 'cache.key': key }),
      ...(background && { 'cache.background': true }),
    }
    return background ? { attributes, root: true, links: linksTo(trace?.getActiveSpan()) } : { attributes }
  }

  return {
    traceComputation<T>(key: string, run: () => T | PromiseLike<T>, background = false): T | PromiseLike<T> {
      let running: Promise<T> | undefined
      try {
        return trace
          .getTracer('@larder/core')
          .startActiveSpan('larder.compute', describe(key, background), (span) => {
            running = within(span, run)
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

async function within<T>(span: Span, run: () => T | PromiseLike<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    quietly(() => markFailed(span, error))
    throw error
  } finally {
    quietly(() => span.end())
  }
}

function markFailed(span: Span, error: unknown): void {
  const message = errorMessageOf(error)
  span.setStatus({ code: failed, message })
  span.recordException(error instanceof Error ? error : message)
}

/** Span processors run inside these calls; what they throw must not replace what the computation brought. */
function quietly(tell: () => void): void {
  try {
    tell()
  } catch {
    // The span is lost. OpenTelemetry has a logger of its own for that.
  }
}
