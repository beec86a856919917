import type { Service, ServiceResource } from '@larder/core'
import { jsonResponse } from '../http/responses'
import type { Route } from '../http/route'

/** The views and changes that services bring, at `services/KIND/NAME/PATH`. */
export function createServiceRoutes(services: readonly Service[]): readonly Route[] {
  return services.flatMap((service) => service.resources.map((resource) => toRoute(service, resource)))
}

function toRoute({ kind, name }: Service, resource: ServiceResource): Route {
  const { method, path, summary, body, response, action, handle } = resource
  return {
    method,
    path: `services/${kind}/${encodeURIComponent(name)}/${path}`,
    summary,
    response,
    ...(body === undefined ? {} : { body }),
    ...(action === undefined ? {} : { action: `${kind}.${action}` as const }),
    async handleRequest({ query, readBody, performAction }) {
      const perform = <T>(subjects: readonly string[], act: () => Promise<T>) =>
        performAction({ service: name, subjects }, act)
      return jsonResponse(await handle({ query, readBody, perform }))
    },
  }
}
