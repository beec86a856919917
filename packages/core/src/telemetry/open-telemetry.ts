/**
 * OpenTelemetry for a cache. Declares the used part of `@opentelemetry/api`, so that neither code nor declarations require
 * the package while telemetry is off.
 *
 * @example
 * ```ts
 * import { metrics, trace } from '@opentelemetry/api'
 * createCache({ name: 'shop', store: memoryStore(), telemetry: { metrics, trace } })
 * ```
 */
export interface TelemetryOptions {
  /** Reports the metrics of the cache through this API. */
  readonly metrics?: MetricsApi | undefined
  /** Makes a span of each computation, and of each wait for one by a caller that has a span. */
  readonly trace?: TraceApi | undefined
  /** Whether spans carry the key. Keys often contain personal data. @defaultValue false */
  readonly traceKeys?: boolean | undefined
}

export type Attributes = Record<string, string | number | boolean>

export interface MetricsApi {
  getMeterProvider(): object
  getMeter(name: string): Meter
}

export interface Meter {
  createHistogram(
    name: string,
    options: InstrumentOptions,
  ): { record(value: number, attributes: Attributes): void }
  createObservableCounter(name: string, options: InstrumentOptions): Observable
  createObservableGauge(name: string, options: InstrumentOptions): Observable
}

interface InstrumentOptions {
  readonly description: string
  readonly unit: string
  readonly advice?: { readonly explicitBucketBoundaries?: number[] }
}

export interface Observable {
  addCallback(callback: ObserveCallback): void
  removeCallback(callback: ObserveCallback): void
}

export type ObserveCallback = (result: { observe(value: number, attributes: Attributes): void }) => void

export interface TraceApi {
  getTracer(name: string): Tracer
  getActiveSpan(): Span | undefined
}

interface Tracer {
  startActiveSpan<R>(name: string, options: SpanOptions, run: (span: Span) => R): R
}

export interface SpanOptions {
  readonly attributes?: Attributes
  /** Starts a new trace, even if a span is active. */
  readonly root?: boolean
  readonly links?: { readonly context: SpanContext }[]
}

export interface Span {
  spanContext(): SpanContext
  setStatus(status: { code: number; message?: string }): unknown
  recordException(error: Error | string): void
  /** Missing before version 1.9 of `@opentelemetry/api`. */
  addLink?(link: { readonly context: SpanContext }): unknown
  end(): void
}

/** Identifies a span in a link. */
export interface SpanContext {
  readonly traceId: string
  readonly spanId: string
  readonly traceFlags: number
}
