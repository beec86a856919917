type Labels = Readonly<Record<string, string>>

/** Receives the values of a metric. */
export type Observe = (value: number, labels?: Labels) => void

/** The definition of a metric. Labels never contain keys or names of persons. */
export interface MetricDefinition {
  readonly kind: 'counter' | 'gauge' | 'histogram'
  /** OpenTelemetry name, such as `ratelimit.requests`. */
  readonly name: string
  /** UCUM unit, such as `s`, `By` or `{request}`. */
  readonly unit: string
  readonly description: string
}

/** A number that is read when a collector asks for it. A gauge of unit `{circuit}` is above 0 while the service does without its store. */
export interface ServiceReading extends MetricDefinition {
  readonly kind: 'counter' | 'gauge'
  read(observe: Observe): void
}

/** A histogram of values that are recorded as they occur. */
export interface ServiceDistribution extends MetricDefinition {
  readonly kind: 'histogram'
  /** Upper bounds of the buckets, ascending. */
  readonly bounds: readonly number[]
  /** Hands every value from now on to `record`. Returns a function that stops it. */
  listen(record: Observe): () => void
}

/** A request to a {@link ServiceResource}, allowed by the admin API. */
export interface ServiceRequest {
  readonly query: URLSearchParams
  /** Rejects unless the body is a JSON object. */
  readBody(): Promise<Readonly<Record<string, unknown>>>
  /** Carries out a change, and records it with its subjects whether it succeeds or fails. */
  perform<T>(subjects: readonly string[], act: () => Promise<T>): Promise<T>
}

/** A view of a service (`GET`) or a change (`POST`) in the admin API, at `services/KIND/NAME/PATH`. */
export interface ServiceResource {
  readonly method: 'GET' | 'POST'
  /** Relative, without parameters: `policies`. */
  readonly path: string
  readonly summary: string
  /** The name under which a change is recorded: `revoke-all`. Required for `POST`, which acts within {@link ServiceRequest.perform}. */
  readonly action?: string
  /** JSON schemas of the body and of the reply. */
  readonly body?: Readonly<Record<string, unknown>>
  readonly response: Readonly<Record<string, unknown>>
  /** Resolves to the reply, which is sent as JSON. */
  handle(request: ServiceRequest): Promise<unknown>
}

/**
 * A service beside the cache in this process, such as a rate limiter, as operations see it. `prometheusMetrics`, `adminHandler`
 * and OpenTelemetry know services by this contract only.
 *
 * @example
 * ```ts
 * const metrics = prometheusMetrics(cache, limiter.service)
 * const admin = adminHandler({ caches: cache, services: [limiter.service], authorize })
 * ```
 */
export interface Service {
  /** The namespace of its metrics: with `ratelimit`, the label `ratelimit.name` holds the name. */
  readonly kind: string
  /** The name that the application gave. */
  readonly name: string
  readonly instruments: readonly (ServiceReading | ServiceDistribution)[]
  readonly resources: readonly ServiceResource[]
}
