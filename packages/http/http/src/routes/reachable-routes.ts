import { LarderError } from '@larder/core'
import type { Route } from './route'
import type { Side } from './route-sides'

/**
 * Refuses a route that can never apply, because earlier ones match every request that it matches. `routes` are in the
 * order in which they are tried.
 * @throws LarderError `BAD_OPTION` naming both routes.
 */
export function checkReachable(routes: readonly Route[]): void {
  for (const [index, route] of routes.entries()) {
    const earlierRoutes = routes.slice(0, index)
    const hiding = route.sides.map((side) =>
      earlierRoutes.find((earlier) => isHiddenBy(route, side, earlier)),
    )
    const [first] = hiding
    if (first !== undefined && !hiding.includes(undefined))
      throw new LarderError(
        'BAD_OPTION',
        `routes['${route.name}'] can never apply: '${first.name}' is tried before it and matches all of its requests. Put it before that route, or leave it out.`,
      )
  }
}

function isHiddenBy(route: Route, side: Side, earlier: Route): boolean {
  return (
    earlier.sides.includes(side) &&
    coversMethod(route, side, earlier) &&
    route.samples.every((path) => earlier.expression.test(path))
  )
}

function coversMethod(route: Route, side: Side, { method }: Route): boolean {
  if (method === undefined || method === route.method) return true
  // Only GET and HEAD are cached, and a route for GET is one for HEAD.
  return side === 'read' && method === 'GET'
}
