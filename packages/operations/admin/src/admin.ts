import { type Cache, LarderError, toMs } from '@larder/core'
import { readBody } from './http/body'
import { json, Problem, problemResponse } from './http/problem'
import { type Asked, needed, type Operated, type Route } from './http/route'
import { matchRoute } from './http/router'
import { requireSameSite } from './http/same-site'
import { createActivity } from './observation/activity'
import { createHistory } from './observation/history'
import { openApiDocument } from './openapi/document'
import type { Access, AdminAction, AdminOptions } from './options'
import { pageResponse } from './page/page'
import { changeRoutes } from './resources/changes'
import { invalidationRoutes } from './resources/invalidations'
import { keyRoutes } from './resources/keys'
import { liveRoutes } from './resources/live'
import { stateRoutes } from './resources/state'
import { tagRoutes } from './resources/tags'
import { createWarmUps, warmRoutes } from './resources/warm-ups'

/** Answers requests for the paths below the one where it is mounted. */
export type AdminHandler = (request: Request) => Promise<Response>

const resources: readonly Route[] = [
  ...stateRoutes,
  ...keyRoutes,
  ...tagRoutes,
  ...changeRoutes,
  ...warmRoutes,
  ...invalidationRoutes,
  ...liveRoutes,
]

const routes: readonly Route[] = [
  ...resources,
  {
    method: 'GET',
    path: 'openapi.json',
    summary: 'This description.',
    answer: { type: 'object' },
    handle: () => json(openApiDocument(resources)),
  },
  { method: 'GET', path: '', summary: 'The dashboard.', answer: {}, handle: pageResponse },
]

/**
 * Operates caches over HTTP: an API, its description at `openapi.json`, and a dashboard at its root. Nothing is answered
 * that `authorize` has not allowed, and nothing that another site asks for.
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
  const report = options.onError ?? console.error
  const operated = [options.caches].flat().map((cache) => operate(cache, options))

  async function answer(request: Request): Promise<Response> {
    requireSameSite(request)
    const url = new URL(request.url)
    const access = accessOf(await options.authorize(request))
    if (access === undefined) throw new Problem(403, 'No access', 'You may not operate these caches.')
    const { route, params } = matchRoute(routes, request.method, url.pathname)
    if (needed(route) === 'write' && access.may !== 'write')
      throw new Problem(403, 'Read only', 'You may look, and change nothing.')
    const chosen = choose(operated, url.searchParams.get('cache'))
    const asked: Asked = {
      request,
      query: url.searchParams,
      params,
      operated: chosen,
      access,
      options,
      body: () => readBody(request),
      note: (action, targets) =>
        tell(
          { ...options, onError: report },
          { at: new Date(), cache: chosen.cache.name, as: access.as, action, targets },
        ),
    }
    return route.handle(asked)
  }

  return async (request) => {
    try {
      return await answer(request)
    } catch (error) {
      const problem = problemOf(error)
      if (problem.status === 500) report(error)
      return problemResponse(problem)
    }
  }
}

function operate(cache: Cache, options: AdminOptions): Operated {
  return {
    cache,
    history: createHistory(cache, options.maxHistory ?? 1_000),
    activity: createActivity(cache, toMs(options.watchFor ?? '5m', 'watchFor')),
    warmUps: createWarmUps(cache, options.warmUps),
  }
}

function choose(operated: readonly Operated[], name: string | null): Operated {
  const chosen = operated.find(({ cache }) => name === null || cache.name === name)
  if (chosen !== undefined) return chosen
  throw new Problem(404, 'No such cache', `There are: ${operated.map(({ cache }) => cache.name).join(', ')}.`)
}

function accessOf(answer: boolean | Access | undefined): Access | undefined {
  if (typeof answer === 'object') return answer
  return answer === true ? { may: 'write' } : undefined
}

/** What is wrong with the request is told; what went wrong here is not told in detail. */
function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error
  const isTheirs = error instanceof LarderError && error.code.startsWith('BAD_')
  if (isTheirs) return new Problem(400, 'Bad request', error.message)
  return new Problem(500, 'Failed', 'That went wrong here. The application was told why.')
}

/** A listener that fails does not undo what was done. */
function tell({ onAction, onError }: AdminOptions, action: AdminAction): void {
  const channel = globalThis.process?.getBuiltinModule?.('node:diagnostics_channel').channel('larder:admin')
  if (channel?.hasSubscribers) channel.publish(action)
  try {
    onAction?.(action)
  } catch (error) {
    onError?.(error)
  }
}

function checkOptions({ caches, authorize }: AdminOptions): void {
  if (typeof authorize !== 'function')
    throw new LarderError(
      'BAD_OPTION',
      'adminHandler needs authorize: (request) => boolean. Nothing is shown to everybody by default.',
    )
  if (caches === undefined || [caches].flat().length === 0)
    throw new LarderError(
      'BAD_OPTION',
      'adminHandler needs caches: adminHandler({ caches: cache, authorize }).',
    )
}
