import type { LivePlaces } from '../live-places'
import type { ManagedCache } from '../managed-cache'
import type { Schema } from '../openapi/schema'
import type { Access, ActionTargets, AdminAction, AdminOptions } from '../options'

/** A request that was authorized and matched to its route. */
export interface AdminRequest {
  readonly query: URLSearchParams
  /** The parts of the path that the route names in braces, decoded. */
  readonly params: Readonly<Record<string, string>>
  /** The cache that the request selects. */
  readonly managed: ManagedCache
  readonly options: AdminOptions
  readonly access: Access
  /** The places for clients of `GET live`. */
  readonly livePlaces: LivePlaces
  /** Asks `authorize` again, for a response that takes long. */
  hasAccess(): Promise<boolean>
  /** Aborted when the client disconnects. */
  readonly signal: AbortSignal
  /** @throws Problem if the body is not a JSON object. */
  readBody(): Promise<Readonly<Record<string, unknown>>>
  /** Carries out the action of the route, and records it with its targets whether it succeeds or fails. */
  performAction<T>(targets: ActionTargets, act: () => T | Promise<T>): Promise<T>
}

/** A parameter of the query, as OpenAPI describes it. */
export interface QueryParameter {
  readonly name: string
  readonly description: string
  readonly schema: Schema
}

/** An operation of the API: its description and its implementation. */
export interface Route {
  readonly method: 'GET' | 'POST'
  /** Relative, with parameters in braces: `keys/{key}`. */
  readonly path: string
  readonly summary: string
  /** The action that is recorded. */
  readonly action?: AdminAction['action']
  readonly query?: readonly QueryParameter[]
  readonly body?: Schema
  /** Schema of the response with status 200. */
  readonly response: Schema
  /** @defaultValue 'application/json' */
  readonly contentType?: string
  handleRequest(request: AdminRequest): Response | Promise<Response>
}

/** The access that a request for the route needs. */
export function requiredAccess({ method }: Route): Access['may'] {
  return method === 'GET' ? 'read' : 'write'
}
