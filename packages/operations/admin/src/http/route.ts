import type { Cache } from '@larder/core'
import type { ActivityWatch } from '../observation/activity'
import type { History } from '../observation/history'
import type { Access, AdminAction, AdminOptions } from '../options'
import type { WarmUps } from '../resources/warm-ups'

/** A cache, and what is observed of it. */
export interface Operated {
  readonly cache: Cache
  readonly history: History
  readonly activity: ActivityWatch
  readonly warmUps: WarmUps
}

/** A request that may be answered. */
export interface Asked {
  readonly request: Request
  readonly query: URLSearchParams
  /** What the pattern of the path has taken from it. */
  readonly params: Readonly<Record<string, string>>
  readonly operated: Operated
  readonly access: Access
  readonly options: AdminOptions
  /** The JSON in the request. */
  body(): Promise<Readonly<Record<string, unknown>>>
  /** Tells of something that was done. */
  note(action: AdminAction['action'], targets: readonly string[]): void
}

/** A JSON schema, as OpenAPI 3.1 takes it. */
export type Schema = Readonly<Record<string, unknown>>

export interface Parameter {
  readonly name: string
  readonly description: string
  readonly schema: Schema
}

/** Something that can be asked for. */
export interface Route {
  readonly method: 'GET' | 'POST'
  /** With names in braces for what it takes from the path: `keys/{key}`. */
  readonly path: string
  readonly summary: string
  readonly query?: readonly Parameter[]
  readonly body?: Schema
  /** What comes back with 200, as JSON where nothing else is said. */
  readonly answer: Schema
  readonly type?: string
  handle(asked: Asked): Response | Promise<Response>
}

/** What a route does needs this access. */
export function needed({ method }: Route): Access['may'] {
  return method === 'GET' ? 'read' : 'write'
}
