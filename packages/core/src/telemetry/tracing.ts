import type { Span, TelemetryOptions } from './open-telemetry'

/** OpenTelemetry's status code for a failed span. */
const failed = 2

/** Puts a span around each computation, so that the spans of its queries hang below it. Without a tracer, does nothing. */
export function createTracing(cache: string, options: TelemetryOptions | undefined) {
  const { trace, traceKeys = false } = options ?? {}
  if (trace === undefined) return { compute: <T>(_key: string, run: () => Promise<T>): Promise<T> => run() }
  return {
    compute<T>(key: string, run: () => Promise<T>): Promise<T> {
      const attributes = { 'cache.name': cache, ...(traceKeys ? { 'cache.key': key } : {}) }
      return trace
        .getTracer('@larder/core')
        .startActiveSpan('larder.compute', { attributes }, (span) => within(span, run))
    },
  }
}

async function within<T>(span: Span, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    span.setStatus({ code: failed, message: error instanceof Error ? error.message : String(error) })
    if (error instanceof Error) span.recordException(error)
    throw error
  } finally {
    span.end()
  }
}
