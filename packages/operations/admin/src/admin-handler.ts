import { checkAdminOptions } from './check-admin-options'
import { toAccess } from './http/access'
import { createActionRecorder } from './http/action-recorder'
import { type Attempt, createAttempt, type RequestedAction } from './http/attempt'
import { requireHost } from './http/host'
import { matchRoute } from './http/match-route'
import { Problem } from './http/problem'
import { readBody } from './http/read-body'
import { jsonResponse, problemResponse } from './http/responses'
import { type Route, requiredAccess } from './http/route'
import { requireSameSite } from './http/same-site'
import { toProblem } from './http/to-problem'
import { createLivePlaces } from './live-places'
import { createManagedCache, type ManagedCache } from './managed-cache'
import { openApiDocument } from './openapi/document'
import type { Access, AdminOptions } from './options'
import { pageResponse } from './page/page'
import { clearRoutes } from './resources/clear'
import { errorRoutes } from './resources/errors'
import { invalidateRoutes } from './resources/invalidate'
import { invalidationRoutes } from './resources/invalidations'
import { keyRoutes } from './resources/keys'
import { liveRoutes } from './resources/live'
import { maintenanceRoutes } from './resources/maintenance'
import { createServiceRoutes } from './resources/services'
import { stateRoutes } from './resources/state'
import { tagRoutes } from './resources/tags'
import { warmUpRoutes } from './resources/warm-ups'

/** Handles a web-standard request whose path is relative to the path where the handler is mounted. */
export type AdminHandler = (request: Request) => Promise<Response>

const cacheRoutes: readonly Route[] = [
  ...stateRoutes,
  ...errorRoutes,
  ...keyRoutes,
  ...tagRoutes,
  ...invalidateRoutes,
  ...clearRoutes,
  ...warmUpRoutes,
  ...maintenanceRoutes,
  ...invalidationRoutes,
  ...liveRoutes,
]

function createRoutes({ services = [], runbook }: AdminOptions): readonly Route[] {
  const resourceRoutes = [...cacheRoutes, ...createServiceRoutes(services)]
  return [
    ...resourceRoutes,
    {
      method: 'GET',
      path: 'openapi.json',
      summary: 'This description.',
      response: { type: 'object' },
      handleRequest: () => jsonResponse(openApiDocument(resourceRoutes)),
    },
    {
      method: 'GET',
      path: '',
      summary: 'The dashboard.',
      response: {},
      handleRequest: () => pageResponse(runbook),
    },
  ]
}

/** The methods that some route has. Others are refused before anything else is looked at. */
const methods = new Set(cacheRoutes.map(({ method }) => method as string))

/** For each handler, because each listener costs CPU time every second. */
const maxLiveStreams = 50

/**
 * Creates a handler that operates caches over HTTP: an API, its description at `openapi.json`, and a dashboard at its
 * root. Each request must be allowed by `authorize`; requests from other sites are refused.
 *
 * @example
 * ```ts
 * const admin = adminHandler({ caches: cache, authorize: (request) => isOperator(request.headers.get('authorization')) })
 * app.use('/larder', webHandler(admin))
 * ```
 * @throws LarderError `BAD_OPTION` without caches or without `authorize`, and for an unknown option or a wrong value of one.
 */
export function adminHandler(options: AdminOptions): AdminHandler {
  checkAdminOptions(options)
  const routes = createRoutes(options)
  const reportError = options.onError ?? console.error
  const managedCaches = [options.caches]
    .flat()
    .map((cache) => createManagedCache(cache, options, reportError))
  const recordAction = createActionRecorder(options.onAction, reportError)
  const livePlaces = createLivePlaces(maxLiveStreams)

  async function handleRequest(request: Request): Promise<Response> {
    if (!methods.has(request.method))
      throw new Problem(405, 'Wrong method', `The API accepts ${[...methods].join(' and ')}.`)
    const url = new URL(request.url)
    const attempt = createAttempt(
      findAction({ routes, managedCaches, options }, request.method, url),
      recordAction,
    )
    try {
      requireHost(url, options.hosts)
      requireSameSite(request)
      const access = toAccess(await options.authorize(request))
      attempt.setUser(access?.as)
      return await routeRequest(request, url, attempt, access)
    } catch (error) {
      attempt.recordRefusal(toProblem(error).title)
      throw error
    }
  }

  async function routeRequest(
    request: Request,
    { pathname, searchParams: query }: URL,
    attempt: Attempt,
    access: Access | undefined,
  ): Promise<Response> {
    if (access === undefined)
      throw new Problem(403, 'No access', 'You are not allowed to operate these caches.')
    const { route, params } = matchRoute(routes, request.method, pathname)
    if (requiredAccess(route) === 'write' && access.may !== 'write')
      throw new Problem(403, 'Read only', 'This request needs write access; you have read access.')
    return route.handleRequest({
      query,
      params,
      managed: selectCache(managedCaches, query.get('cache')),
      options,
      access,
      livePlaces,
      hasAccess: async () => toAccess(await options.authorize(request)) !== undefined,
      signal: request.signal,
      readBody: () => readBody(request),
      performAction: attempt.performAction,
    })
  }

  return async (request) => {
    try {
      return await handleRequest(request)
    } catch (error) {
      const problem = toProblem(error)
      if (problem.status === 500) reportError(error)
      return problemResponse(problem)
    }
  }
}

/** A handler's routes, caches and options. */
interface Handled {
  readonly routes: readonly Route[]
  readonly managedCaches: readonly ManagedCache[]
  readonly options: AdminOptions
}

/** The action that a request asks for, whether it is allowed to or not. */
function findAction(
  { routes, managedCaches, options }: Handled,
  method: string,
  { pathname, searchParams }: URL,
): RequestedAction {
  const cache = searchParams.get('cache') ?? managedCaches[0]?.cache.name ?? ''
  try {
    const { action } = matchRoute(routes, method, pathname).route
    return { action: action !== 'show' || options.showValues === true ? action : undefined, cache }
  } catch {
    return { action: undefined, cache }
  }
}

function selectCache(managedCaches: readonly ManagedCache[], name: string | null): ManagedCache {
  const selected = managedCaches.find(({ cache }) => name === null || cache.name === name)
  if (selected !== undefined) return selected
  const names = managedCaches.map(({ cache }) => cache.name)
  throw new Problem(404, 'No such cache', `The caches are: ${names.join(', ')}.`)
}
