import type { StoredResponse } from '../policy/stored-response'
import type { ResponseCache } from '../serving/exchange'

/**
 * Returns the responses as a route reads them, whose reads are counted as `http/GET /products/:id`. Those of requests that no
 * route matches are counted as `http/*`. A route has counts from its first request on, because the number of names is limited.
 */
export function countByRoute(responses: ResponseCache): (route: string) => ResponseCache {
  const views = new Map([['', responses]])

  return (route) => {
    const known = views.get(route)
    if (known !== undefined) return known
    const view = responses.countAs<StoredResponse | undefined>(nameOf(route))
    views.set(route, view)
    return view
  }
}

/** A route without a method is for GET, and for HEAD, which is answered from the response to GET. */
const nameOf = (route: string) => (/^[a-z]+ /i.test(route) ? route : `GET ${route}`)
