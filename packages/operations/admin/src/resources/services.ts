import type { Service, ServiceResource } from '@larder/core'
import { jsonResponse } from '../http/responses'
import type { Route } from '../http/route'
import { readServices } from '../observation/service-readings'
import { arrayOf, boolean, counters, enumOf, objectOf, string } from '../openapi/schema'

const reading = objectOf({
  kind: enumOf('counter', 'gauge'),
  name: string,
  unit: string,
  description: string,
  values: counters,
})

/** The list of services, and the views and changes that they bring, at `services/KIND/NAME/PATH`. */
export function createServiceRoutes(services: readonly Service[]): readonly Route[] {
  return [
    {
      method: 'GET',
      path: 'services',
      summary: 'The services beside the caches, with what they have counted in this process.',
      response: objectOf({
        services: arrayOf(
          objectOf({
            kind: string,
            name: string,
            isAway: boolean,
            readings: arrayOf(reading),
            'failure?': string,
          }),
        ),
      }),
      handleRequest: () => jsonResponse({ services: readServices(services) }),
    },
    ...services.flatMap((service) => service.resources.map((resource) => toRoute(service, resource))),
  ]
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
