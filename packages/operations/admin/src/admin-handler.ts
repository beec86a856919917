import { LarderError } from '@larder/core'
import { matchRoute } from './http/match-route'
import { Problem } from './http/problem'
import { readBody } from './http/read-body'
import { jsonResponse, problemResponse } from './http/responses'
import { type Route, requiredAccess } from './http/route'
import { requireSameSite } from './http/same-site'
import { createManagedCache, type ManagedCache } from './managed-cache'
import { openApiDocument } from './openapi/document'
import type { Access, AdminAction, AdminOptions } from './options'
import { pageResponse } from './page/page'
import { clearRoutes } from './resources/clear'
import { invalidateRoutes } from './resources/invalidate'
import { invalidationRoutes } from './resources/invalidations'
import { keyRoutes } from './resources/keys'
import { liveRoutes } from './resources/live'
import { stateRoutes } from './resources/state'
import { tagRoutes } from './resources/tags'
import { warmUpRoutes } from './resources/warm-ups'

/** Handles a web-standard request whose path is relative to the path where the handler is mounted. */
export type AdminHandler = (request: Request) => Promise<Response>

const resourceRoutes: readonly Route[] = [
  ...stateRoutes,
  ...keyRoutes,
  ...tagRoutes,
  ...invalidateRoutes,
  ...clearRoutes,
  ...warmUpRoutes,
  ...invalidationRoutes,
  ...liveRoutes,
]

const routes: readonly Route[] = [
  ...resourceRoutes,
  {
    method: 'GET',
    path: 'openapi.json',
    summary: 'This description.',
    response: { type: 'object' },
    handleRequest: () => jsonResponse(openApiDocument(resourceRoutes)),
  },
  { method: 'GET', path: '', summary: 'The dashboard.', response: {}, handleRequest: pageResponse },
]

/**
 * Creates a handler that operates caches over HTTP: an API, its description at `openapi.json`, and a dashboard at its
 * root. Each request must be allowed by `authorize`; requests from other sites are refused.
 *
 * @example
 * ```ts
 * const admin = adminHandler({ caches: cache, authorize: (request) => isOperator(request.headers.get('authorization')) })
 * app.use('/larder', webHandler(admin))
 * ```
 * @throws LarderError `BAD_OPTION` without caches or without `authorize`.
 */
export function adminHandler(options: AdminOptions): AdminHandler {
  checkOptions(options)
  const reportError = options.onError ?? console.error
  const managedCaches = [options.caches].flat().map((cache) => createManagedCache(cache, options))

  async function routeRequest(request: Request): Promise<Response> {
    requireSameSite(request)
    const url = new URL(request.url)
    const access = toAccess(await options.authorize(request))
    if (access === undefined)
      throw new Problem(403, 'No access', 'You are not allowed to operate these caches.')
    const { route, params } = matchRoute(routes, request.method, url.pathname)
    if (requiredAccess(route) === 'write' && access.may !== 'write')
      throw new Problem(403, 'Read only', 'This request needs write access; you have read access.')
    const managed = selectCache(managedCaches, url.searchParams.get('cache'))
    return route.handleRequest({
      query: url.searchParams,
      params,
      managed,
      options,
      signal: request.signal,
      readBody: () => readBody(request),
      recordAction(action, targets) {
        const record = { at: new Date(), cache: managed.cache.name, as: access.as, action, targets }
        publishAction(record, options.onAction, reportError)
      },
    })
  }

  return async (request) => {
    try {
      return await routeRequest(request)
    } catch (error) {
      const problem = toProblem(error)
      if (problem.status === 500) reportError(error)
      return problemResponse(problem)
    }
  }
}

function selectCache(managedCaches: readonly ManagedCache[], name: string | null): ManagedCache {
  const selected = managedCaches.find(({ cache }) => name === null || cache.name === name)
  if (selected !== undefined) return selected
  const names = managedCaches.map(({ cache }) => cache.name)
  throw new Problem(404, 'No such cache', `The caches are: ${names.join(', ')}.`)
}

function toAccess(decision: boolean | Access | undefined): Access | undefined {
  if (typeof decision === 'object') return decision
  return decision === true ? { may: 'write' } : undefined
}

/** Errors of the request are described to the client. Internal errors are not: their messages may hold secrets. */
function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  const isRequestError = error instanceof LarderError && error.code.startsWith('BAD_')
  if (isRequestError) return new Problem(400, 'Bad request', error.message)
  return new Problem(500, 'Failed', 'The request failed. The reason was reported to the application.')
}

/** An exception of the listener is reported, and does not fail the request: the action is already done. */
function publishAction(
  action: AdminAction,
  onAction: AdminOptions['onAction'],
  reportError: (error: unknown) => void,
): void {
  const channel = globalThis.process?.getBuiltinModule?.('node:diagnostics_channel').channel('larder:admin')
  if (channel?.hasSubscribers) channel.publish(action)
  try {
    onAction?.(action)
  } catch (error) {
    reportError(error)
  }
}

function checkOptions({ caches, authorize }: AdminOptions): void {
  if (typeof authorize !== 'function')
    throw new LarderError(
      'BAD_OPTION',
      'adminHandler needs authorize: (request) => boolean. It has no default, because none would be safe.',
    )
  if (caches === undefined || [caches].flat().length === 0)
    throw new LarderError(
      'BAD_OPTION',
      'adminHandler needs caches: adminHandler({ caches: cache, authorize }).',
    )
}
