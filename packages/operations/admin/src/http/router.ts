import { Problem } from './problem'
import type { Route } from './route'

/** A route, and what it took from the path. */
export interface Matched {
  readonly route: Route
  readonly params: Readonly<Record<string, string>>
}

/**
 * Finds the route for a path. Slashes around it do not count; those inside of a key are escaped (`%2F`).
 * @throws Problem 404 where there is none, 405 for another method than it has.
 */
export function matchRoute(routes: readonly Route[], method: string, pathname: string): Matched {
  const segments = pathname.split('/').filter((segment) => segment !== '')
  const found = routes.flatMap((route) => {
    const params = paramsOf(route.path, segments)
    return params === undefined ? [] : [{ route, params }]
  })
  const matched = found.find(({ route }) => route.method === method)
  if (matched !== undefined) return matched
  if (found.length === 0) throw new Problem(404, 'Not found', 'There is no such resource. See openapi.json.')
  throw new Problem(
    405,
    'Wrong method',
    `This takes ${found.map(({ route }) => route.method).join(' and ')}.`,
  )
}

function paramsOf(path: string, segments: readonly string[]): Record<string, string> | undefined {
  const parts = path === '' ? [] : path.split('/')
  if (parts.length !== segments.length) return undefined
  const params: Record<string, string> = {}
  for (const [at, part] of parts.entries()) {
    const segment = segments[at] ?? ''
    if (part.startsWith('{')) params[part.slice(1, -1)] = decoded(segment)
    else if (part !== segment) return undefined
  }
  return params
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    throw new Problem(400, 'Bad path', 'The path has escapes that mean nothing.')
  }
}
