import { Problem } from './problem'
import type { Route } from './route'

/** A route, with the parameters taken from the path. */
interface RouteMatch {
  readonly route: Route
  readonly params: Readonly<Record<string, string>>
}

/**
 * Finds the route for a path. Leading, trailing and repeated slashes are ignored; a slash within a key is escaped
 * (`%2F`).
 * @throws Problem 404 if no route has the path, 405 if none of those that have it has the method, 400 for a malformed path.
 */
export function matchRoute(routes: readonly Route[], method: string, pathname: string): RouteMatch {
  const segments = pathname.split('/').filter((segment) => segment !== '')
  const matches = routes.flatMap((route) => {
    const params = matchPath(route.path, segments)
    return params === undefined ? [] : [{ route, params }]
  })
  const match = matches.find(({ route }) => route.method === method)
  if (match !== undefined) return match
  if (matches.length === 0)
    throw new Problem(404, 'Not found', 'No resource has this path. See openapi.json.')
  throw new Problem(
    405,
    'Wrong method',
    `This resource accepts ${matches.map(({ route }) => route.method).join(' and ')}.`,
  )
}

function matchPath(path: string, segments: readonly string[]): Record<string, string> | undefined {
  const parts = path === '' ? [] : path.split('/')
  if (parts.length !== segments.length) return undefined
  const params: Record<string, string> = {}
  for (const [index, part] of parts.entries()) {
    const segment = segments[index] ?? ''
    if (part.startsWith('{')) params[part.slice(1, -1)] = decodeSegment(segment)
    else if (part !== segment) return undefined
  }
  return params
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    throw new Problem(400, 'Bad path', 'The path has an invalid percent-encoding.')
  }
}
