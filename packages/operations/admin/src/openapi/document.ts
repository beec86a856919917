import { type Route, requiredAccess } from '../http/route'
import { number, objectOf, string } from './schema'

const problemResponse = {
  description: 'Why the request was refused (RFC 9457)',
  content: {
    'application/problem+json': { schema: objectOf({ status: number, title: string, detail: string }) },
  },
}

const cacheParameter = {
  name: 'cache',
  in: 'query',
  description: 'Name of the cache, if there are several. Default: the first.',
  schema: string,
}

/** Describes the routes as an OpenAPI 3.1 document. */
export function openApiDocument(routes: readonly Route[]) {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const route of routes) {
    const path = `/${route.path}`
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: describeOperation(route) }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Larder', version: '1', description: 'Operates the caches of an application.' },
    paths,
  }
}

function describeOperation(route: Route) {
  const { method, path, summary, query = [], body, response, contentType = 'application/json' } = route
  const content = { [contentType]: { schema: response } }
  return {
    operationId: operationIdOf(method, path),
    summary,
    'x-access': requiredAccess(route),
    parameters: [
      cacheParameter,
      ...pathParameters(path).map((name) => ({ name, in: 'path', required: true, schema: string })),
      ...query.map((parameter) => ({ ...parameter, in: 'query' })),
    ],
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: body } } } }),
    responses: {
      200: { description: summary, content },
      ...(path === 'health' ? { 503: { description: 'A check fails.', content } } : {}),
      default: problemResponse,
    },
  }
}

/** `GET keys/{key}` becomes `getKeysKey`. */
function operationIdOf(method: string, path: string): string {
  return `${method.toLowerCase()} ${path}`
    .replace(/\W+(\w)/g, (_, letter: string) => letter.toUpperCase())
    .replace(/\W/g, '')
}

function pathParameters(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
}
