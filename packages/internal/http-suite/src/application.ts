import type { HttpCacheOptions, Larder } from '@larder/http'

/** A request as the suite's handlers see it. */
export interface AppRequest {
  readonly method: string
  /** Path and query, as the framework's router has them. */
  readonly target: string
  header(name: string): string | undefined
  readonly larder: Larder
}

/** What the suite's handlers answer. */
export interface AppReply {
  readonly status?: number | undefined
  readonly headers?: Readonly<Record<string, string | string[]>> | undefined
  /** A stream that throws tears the response down. */
  readonly body?: string | AsyncIterable<Uint8Array> | undefined
}

export type AppHandler = (request: AppRequest) => AppReply | Promise<AppReply>

/** An application of the framework under test: the cache in front of one handler for every method and path. */
export interface Application {
  /** Without `user`: the integration's adapter takes it from the `x-user` field. */
  readonly options: Omit<HttpCacheOptions<unknown>, 'user'>
  readonly handler: AppHandler
  /** Where the framework's own middleware for compression stands. */
  readonly compression?: Compression | undefined
}

/** Between the cache and the client, or between the handler and the cache. */
export type Compression = 'outside' | 'inside'

/** An application that listens. */
export interface Running {
  readonly port: number
  close(): Promise<void>
}

/** Starts an application of the framework under test on a port of its own. */
export type StartApplication = (application: Application) => Promise<Running>
