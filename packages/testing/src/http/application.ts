import type { HttpCacheOptions, ResponseHints } from '@larder/http'

/** A request as the suite's handlers see it. */
export interface AppRequest {
  readonly method: string
  /** Path and query, as the framework's router sees them. */
  readonly target: string
  /** The query as the framework parses it. */
  readonly query: Readonly<Record<string, unknown>>
  header(name: string): string | undefined
  readonly larder: ResponseHints
}

/** The response of one of the suite's handlers. */
export interface AppReply {
  readonly status?: number | undefined
  readonly headers?: Readonly<Record<string, string | string[]>> | undefined
  /** A stream that throws must tear the response down. */
  readonly body?: string | AsyncIterable<Uint8Array> | undefined
}

export type AppHandler = (request: AppRequest) => AppReply | Promise<AppReply>

/** An application to start: the cache in front of one handler for every method and path. */
export interface Application {
  /** Without `user`, which the integration's adapter must take from the field `x-user`. */
  readonly options: Omit<HttpCacheOptions<unknown>, 'user'>
  readonly handler: AppHandler
  /** The place of the framework's compression middleware. */
  readonly compression?: Compression | undefined
}

/** Between the client and the cache, or between the cache and the handler. */
export type Compression = 'outside' | 'inside'

/** An application that listens on a port. */
export interface RunningApplication {
  readonly port: number
  close(): Promise<void>
}

/** Starts an application of the framework under test on a free port. */
export type StartApplication = (application: Application) => Promise<RunningApplication>
